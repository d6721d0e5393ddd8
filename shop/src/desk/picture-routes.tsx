import type { Image } from '@bazaar/client'
import { Elysia } from 'elysia'
import { goTo, show } from '../page/answer.tsx'
import { type Refusal, refuseField, tryIt } from '../page/failure.ts'
import type { Form } from '../visit/form.ts'
import type { Visit } from '../visit/visit.ts'
import type { Visits } from '../visit/visiting.ts'
import { deskProductPage } from './desk-product-page.tsx'
import { textField } from './pictures-panel.tsx'

/** How a picture is moved, by the name of its button. */
const MOVES = ['front', 'earlier', 'later'] as const
type Move = (typeof MOVES)[number]

/** The pictures of a seller's product: adding some, putting them in order, saying what they show, removing one. */
export function pictureRoutes({ plugin }: Visits) {
  return new Elysia()
    .use(plugin)
    .post('/desk/products/:productId/pictures', async ({ visit, params, form }) => {
      const { productId } = params
      const files = form.files('image')
      const refusal =
        files.length > 0
          ? await addPictures(visit, productId, files)
          : refuseField(visit, 'image', visit.words.desk.choose)
      return await done(visit, productId, { form, refusal })
    })
    .post('/desk/products/:productId/pictures/arrange', async ({ visit, params, form }) => {
      const { productId } = params
      return await done(visit, productId, { form, refusal: await arrange(visit, productId, form) })
    })
}

/** Adds pictures one after the other, in the order in which they were chosen, until one is refused. */
export async function addPictures(
  visit: Visit,
  productId: string,
  files: readonly File[],
): Promise<Refusal | undefined> {
  for (const image of files) {
    const { refusal } = await tryIt(visit, () => visit.bazaar.inventory.addImage({ productId, image }))
    if (refusal) return refusal
  }
  return undefined
}

/** Keeps what was typed for each picture first, so that it is not lost whichever button was pressed. */
async function arrange(visit: Visit, productId: string, form: Form): Promise<Refusal | undefined> {
  const { inventory } = visit.bazaar
  const { body: product } = await inventory.readProduct({ productId })
  const refusal = await describe(visit, product, form)
  if (refusal) return refusal
  const imageId = form.text('remove')
  if (imageId) return (await tryIt(visit, () => inventory.deleteImage({ productId, imageId }))).refusal
  const shown = form.all('imageId')
  const move = MOVES.find((one) => form.text(one) !== '')
  const imageIds = move ? moved(shown, { id: form.text(move), to: move }) : shown
  if (imageIds.join() === product.images.map(({ id }) => id).join()) return undefined
  return (await tryIt(visit, () => inventory.orderImages({ productId, imageIds }))).refusal
}

async function describe(
  visit: Visit,
  { id: productId, images }: { id: string; images: readonly Image[] },
  form: Form,
): Promise<Refusal | undefined> {
  for (const { id: imageId, altText: before } of images) {
    const field = textField(imageId)
    // It is one line, however it was typed; a field that was not sent says nothing.
    const altText = form.typed[field]?.replaceAll(/\s+/g, ' ').trim() ?? before ?? ''
    if (altText === (before ?? '')) continue
    const { refusal } = await tryIt(visit, () =>
      visit.bazaar.inventory.describeImage({ productId, imageId, altText }),
    )
    if (refusal) return { ...refusal, fields: { [field]: refusal.fields['altText'] ?? refusal.summary } }
  }
  return undefined
}

async function done(
  visit: Visit,
  productId: string,
  { form, refusal }: { form: Form; refusal: Refusal | undefined },
): Promise<Response> {
  if (refusal)
    return show(
      visit,
      await deskProductPage(visit, productId, { part: 'pictures', typed: form.typed, refusal }),
    )
  // The script says by itself on the page that it is saved.
  if (form.text('by') === 'script') return new Response(null, { status: 204 })
  visit.note('saved')
  return goTo(visit, `/desk/products/${productId}#pictures`)
}

/** The pictures with one of them at the front, or one place nearer to either end. */
export function moved(ids: readonly string[], { id, to }: { id: string; to: Move }): string[] {
  const place = ids.indexOf(id)
  if (place < 0) return [...ids]
  const next = { front: 0, earlier: Math.max(0, place - 1), later: place + 1 }[to]
  return ids.filter((one) => one !== id).toSpliced(next, 0, id)
}
