import { beforeEach, describe, expect, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import { until } from '@bazaar/shared/testing/until'
import { inventory, newPerson, newProduct } from '../journeys/world.ts'
import { addPicture } from './market.ts'
import { openShop } from './open-shop.ts'
import { logIn, SIZES, type Visitor, visit } from './shop.ts'

/* A seller puts the pictures of a product in order and says what they show: with and without a script. */

const PICTURES = ['enamel-kettle-tomato', 'enamel-kettle-cream', 'brass-compass'].map((name) =>
  fileURLToPath(new URL(`../../stack/seed/pictures/${name}.webp`, import.meta.url)),
)

let productId: string
/** The pictures as they were added. */
let [one, two, three] = ['', '', '']

const { shop, browser } = await openShop()
const seller = await newPerson('SELLER', 'The Kettle Shop')
beforeEach(async () => {
  productId = await newProduct(seller, { name: 'Kettle', stockCount: 5 })
  for (const picture of PICTURES) await addPicture(seller, productId, picture)
  ;[one = '', two = '', three = ''] = await kept()
})

/** The pictures as inventory has them. */
async function kept(): Promise<string[]> {
  const { body } = await inventory.readProduct({ params: { productId } })
  return body.images.map(({ id }) => id)
}

async function texts(): Promise<(string | null)[]> {
  const { body } = await inventory.readProduct({ params: { productId } })
  return body.images.map(({ altText }) => altText)
}

/** The pictures as the page shows them. */
function shown({ page }: Visitor): Promise<string[]> {
  return page
    .locator('.shelf input[name=imageId]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('value') ?? ''))
}

async function openDesk(options: Parameters<typeof visit>[2] = {}): Promise<Visitor> {
  const visitor = await visit(browser, shop, options)
  await logIn(visitor, seller)
  await visitor.at(`/desk/products/${productId}`)
  return visitor
}

/** Where to hold a picture: by its handle, or anywhere on it. */
async function middleOf({ page }: Visitor, place: number, part: '.handle' | 'img') {
  const box = await page.locator('.shelf li').nth(place).locator(part).boundingBox()
  if (!box) throw new Error(`Cannot see picture ${place}`)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

describe('dragged', () => {
  test('by a mouse, a picture stays where it is dropped, and what was typed is kept, too', async () => {
    const visitor = await openDesk()
    const { page } = visitor
    await page.locator('.shelf').scrollIntoViewIfNeeded()
    await visitor.fill('What picture 3 shows', 'A compass\nof brass')
    const [from, to] = [await middleOf(visitor, 2, 'img'), await middleOf(visitor, 0, 'img')]
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(to.x + 5, to.y, { steps: 8 })
    await page.mouse.up()
    await page.getByText('Moved and saved: picture 1 of 3.').waitFor()
    expect(await shown(visitor)).toEqual([three, one, two])
    expect(await kept()).toEqual([three, one, two])
    expect(await texts()).toEqual(['A compass of brass', null, null])
    await page.reload()
    expect(await shown(visitor)).toEqual([three, one, two])
    expect(visitor.faults).toEqual([])
    await visitor.close()
  })

  test('by a finger at its handle, without the page being scrolled', async () => {
    const visitor = await openDesk({ viewport: SIZES.phone, hasTouch: true, isMobile: true })
    const { page } = visitor
    await page.locator('.shelf').scrollIntoViewIfNeeded()
    const [from, to] = [await middleOf(visitor, 0, '.handle'), await middleOf(visitor, 1, 'img')]
    const scrolled = () => page.evaluate('scrollY')
    const before = await scrolled()
    const finger = await visitor.context.newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
      finger.send('Input.dispatchTouchEvent', { type, touchPoints: points })
    await touch('touchStart', [from])
    for (let step = 1; step <= 8; step++)
      await touch('touchMove', [
        { x: from.x + ((to.x - from.x) * step) / 8, y: from.y + ((to.y - from.y) * step) / 8 },
      ])
    await touch('touchEnd', [])
    await page.getByText('Moved and saved: picture 2 of 3.').waitFor()
    expect(await scrolled()).toBe(before)
    expect(await kept()).toEqual([two, one, three])
    expect(visitor.faults).toEqual([])
    await visitor.close()
  })

  test('nowhere, nothing is sent', async () => {
    const visitor = await openDesk()
    const { page } = visitor
    const sent: string[] = []
    page.on('request', (request) => void (request.method() === 'POST' && sent.push(request.url())))
    await page.locator('.shelf').scrollIntoViewIfNeeded()
    const from = await middleOf(visitor, 1, 'img')
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(from.x + 20, from.y + 5, { steps: 4 })
    await page.mouse.up()
    expect(await shown(visitor)).toEqual([one, two, three])
    expect(sent).toEqual([])
    await visitor.close()
  })
})

describe('by keyboard', () => {
  test('a picture is moved in place, the focus stays with it, and the place is said', async () => {
    const visitor = await openDesk()
    const { page } = visitor
    const focused = () =>
      page.evaluate('[document.activeElement.name, document.activeElement.value]') as unknown as Promise<
        string[]
      >
    await page.locator('.shelf li').nth(2).locator('[name=earlier]').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('Moved and saved: picture 2 of 3.').waitFor()
    expect(await focused()).toEqual(['earlier', three])
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('Moved and saved: picture 1 of 3.').waitFor()
    // The first one cannot go further, so the button that takes it back has the focus.
    expect(await focused()).toEqual(['later', three])
    expect(await kept()).toEqual([three, one, two])
    await page.keyboard.press('Space')
    await page.getByRole('status').getByText('Moved and saved: picture 2 of 3.').waitFor()
    expect(await kept()).toEqual([one, three, two])
    expect(visitor.faults).toEqual([])
    await visitor.close()
  })
})

describe.each([
  ['with script', true],
  ['without script', false],
])('%s', (_, javaScriptEnabled) => {
  test('what pictures show is kept, shown to those who do not see them, and taken back', async () => {
    const visitor = await openDesk({ javaScriptEnabled })
    const { page } = visitor
    await visitor.fill('What picture 1 shows', 'A red kettle')
    await visitor.fill('What picture 2 shows', 'A white kettle')
    await visitor.press('Save what they show')
    await page.getByText('It is saved.').waitFor()
    expect(await texts()).toEqual(['A red kettle', 'A white kettle', null])
    const alts = () =>
      page.locator('main .gallery img').evaluateAll((all) => all.map((one) => one.getAttribute('alt')))
    await visitor.at(`/products/${productId}`)
    expect(await alts()).toEqual(['A red kettle', 'A white kettle', 'Kettle, picture 3'])
    await visitor.at(`/sellers/${seller.id}`)
    expect(await page.locator('.card img').first().getAttribute('alt')).toBe('A red kettle')
    await visitor.at(`/desk/products/${productId}`)
    await visitor.fill('What picture 1 shows', '')
    await visitor.press('Save what they show')
    await page.getByText('It is saved.').waitFor()
    expect(await texts()).toEqual([null, 'A white kettle', null])
    expect(visitor.faults).toEqual([])
    await visitor.close()
  })

  test('whichever button is pressed, what was typed for a picture is not lost', async () => {
    const visitor = await openDesk({ javaScriptEnabled })
    await visitor.fill('What picture 1 shows', 'A red kettle')
    await visitor.press('Later 1')
    await until('it is moved', async () => (await kept())[1] === one)
    await until('it is kept', async () => (await texts())[1] === 'A red kettle')
    await visitor.fill('What picture 3 shows', 'A compass')
    await visitor.page.getByRole('button', { name: 'Remove' }).first().click()
    await visitor.page.getByText('It is saved.').waitFor()
    expect(await kept()).toEqual([one, three])
    expect(await texts()).toEqual(['A red kettle', 'A compass'])
    await visitor.close()
  })

  test('pictures that have changed meanwhile are told, and nothing is put in order', async () => {
    const visitor = await openDesk({ javaScriptEnabled, expectedFaults: /409/ })
    const { session } = seller
    await inventory.deleteImage({ session, params: { productId, imageId: two } })
    await visitor.fill('What picture 1 shows', 'A red kettle')
    await visitor.press('Later 1')
    await visitor.page.getByText('The pictures have changed meanwhile. Look again.').waitFor()
    expect(await shown(visitor)).toEqual([one, three])
    expect(await visitor.page.getByLabel('What picture 1 shows').inputValue()).toBe('A red kettle')
    await visitor.close()
  })

  test('a text that is refused is said beside its picture, and stays', async () => {
    const visitor = await openDesk({ javaScriptEnabled, expectedFaults: /422/ })
    await visitor.fill('What picture 2 shows', 'My card is 4242 4242 4242 4242')
    await visitor.press('Save what they show')
    await visitor.page
      .locator(`#text-${two}-fault`)
      .getByText('This looks like the number of a card')
      .waitFor()
    expect(await visitor.page.getByLabel('What picture 2 shows').inputValue()).toContain('4242')
    expect(await texts()).toEqual([null, null, null])
    await visitor.close()
  })
})
