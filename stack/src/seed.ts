import { readFile } from 'node:fs/promises'
import type { product as productSchema } from '@bazaar/shared/api/inventory'
import type { Static } from '@bazaar/shared/api/operation'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { inventoryClient } from '@bazaar/shared/clients/inventory'
import { userClient } from '@bazaar/shared/clients/user'
import { type DemoAccount, demoAccounts, demoBuyers } from '../seed/accounts.ts'
import { catalogue, DEMO_CURRENCY, type Offer, picturesFolder } from '../seed/catalogue.ts'
import { pictureTexts } from '../seed/picture-texts.ts'
import { patient } from './services/patient-client.ts'

export { demoAccounts }

/** The addresses of the services, and the listener for progress. */
export type SeedOptions = {
  userUrl: string
  inventoryUrl: string
  log: (line: string) => void
  signal?: AbortSignal
}

type Users = ReturnType<typeof userClient>
type Inventory = ReturnType<typeof inventoryClient>
type Product = Static<typeof productSchema>
type Outcome = { offered: number; pictures: number }

/** Enough to keep two cores busy, few enough not to starve the services of their connections. */
const AT_ONCE = 4
/** A password costs a quarter of a second of work, and at the first start everything is still cold. */
const TIMEOUT_MS = 10_000
const PAGES_MAX = 50
const PROGRESS_STEP = 10

/**
 * Fills the marketplace with the demo's shops, buyers and products, through the public HTTP interface. It may run
 * again at any time: existing things are left unchanged. Ends at the signal.
 *
 * @throws {RemoteProblem} when a service refuses what the demo sends.
 * @throws {DependencyUnavailable} when a service cannot be reached.
 */
export async function seedDemoData(options: SeedOptions): Promise<void> {
  const { signal } = options
  const users = patient(userClient({ baseUrl: options.userUrl, timeoutMs: TIMEOUT_MS }), signal)
  const inventory = patient(inventoryClient({ baseUrl: options.inventoryUrl, timeoutMs: TIMEOUT_MS }), signal)
  const sessions = new Map<string, string>()
  try {
    await inParallel(demoAccounts, async (account) => {
      const session = await openSession(users, account, options.log)
      if (session !== undefined) sessions.set(account.email, session)
    })
    options.log(`Demo accounts: ${sessions.size} of ${demoAccounts.length} are there`)
    await inParallel(demoBuyers, async ({ account, addresses }) => {
      const session = sessions.get(account.email)
      if (session === undefined) return
      const saved = await users.listAddresses({ session })
      if (saved.body.items.length > 0) return
      for (const address of addresses) await users.addAddress({ session, body: address })
    })
    await offerEverything(inventory, sessions, options.log)
  } finally {
    // Once it is told to end, nobody waits for this; the sessions end by themselves.
    if (!signal?.aborted) await inParallel([...sessions.values()], (session) => users.logOut({ session }))
  }
}

/** Signs the account up, or finds it; returns a session unless its owner has changed the password. */
async function openSession(
  users: Users,
  account: DemoAccount,
  log: SeedOptions['log'],
): Promise<string | undefined> {
  const { email, password } = account
  try {
    await users.signUp({ body: account }).catch(unless('email-taken'))
    const { body } = await users.logIn({ body: { login: email, password } })
    return body.session
  } catch (error) {
    // After several seeds with a changed password, the service refuses even to check it for a while.
    unless('wrong-credentials', 'too-many-requests')(error)
    log(`Demo account ${email}: its password was changed, so it is left alone`)
    return undefined
  }
}

/** Ignores these refusals and nothing else. */
function unless(...codes: string[]): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof RemoteProblem && codes.includes(error.code))) throw error
  }
}

async function offerEverything(
  inventory: Inventory,
  sessions: ReadonlyMap<string, string>,
  log: SeedOptions['log'],
): Promise<void> {
  const shops = new Set(catalogue.map(({ shop }) => shop.email))
  const known = new Map<string, Product>()
  await inParallel([...shops], async (email) => {
    const session = sessions.get(email)
    for (const product of session === undefined ? [] : await ownProducts(inventory, session)) {
      const article = product.properties['article']
      if (article !== undefined) known.set(`${email} ${article}`, product)
    }
  })
  const total: Outcome = { offered: 0, pictures: 0 }
  let done = 0
  await inParallel(catalogue, async (offer) => {
    const session = sessions.get(offer.shop.email)
    if (session !== undefined) {
      const outcome = await offerOne(inventory, session, offer, known)
      total.offered += outcome.offered
      total.pictures += outcome.pictures
    }
    done += 1
    if (total.offered > 0 && done % PROGRESS_STEP === 0)
      log(`Demo products: ${done} of ${catalogue.length} ...`)
  })
  const untouched = catalogue.length - total.offered
  log(`Demo products: ${total.offered} added with ${total.pictures} pictures, ${untouched} left as they were`)
}

/** Every product of the logged-in seller, archived ones included. */
async function ownProducts(inventory: Inventory, session: string): Promise<Product[]> {
  const products: Product[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = { limit: '100', ...(cursor === undefined ? {} : { cursor }) }
    const { body } = await inventory.listOwnProducts({ session, query })
    products.push(...body.items)
    if (body.next === null) return products
    cursor = body.next
  }
  return products
}

/**
 * Offers one article unless its shop has it. It is recognised by its article number and, for as long as the key is
 * remembered, also by the Idempotency-Key. Pictures are sent one after the other: the first is the cover.
 */
async function offerOne(
  inventory: Inventory,
  session: string,
  { shop, product }: Offer,
  known: ReadonlyMap<string, Product>,
): Promise<Outcome> {
  const { article, pictures, properties, ...fields } = product
  const there = known.get(`${shop.email} ${article}`)
  if (there !== undefined && (there.images.length > 0 || there.status === 'ARCHIVED'))
    return { offered: 0, pictures: 0 }
  const { id: productId } =
    there ??
    (
      await inventory.createProduct({
        session,
        idempotencyKey: `demo-product-${article}`,
        body: { ...fields, currency: DEMO_CURRENCY, properties: { article, ...properties } },
      })
    ).body
  for (const picture of pictures) {
    const body = new Uint8Array(await readFile(new URL(picture, picturesFolder)))
    const contentType = 'image/webp'
    const { body: added } = await inventory.addImage({ session, params: { productId }, body, contentType })
    const altText = pictureTexts[picture] ?? null
    await inventory.describeImage({ session, params: { productId, imageId: added.id }, body: { altText } })
  }
  return { offered: there === undefined ? 1 : 0, pictures: pictures.length }
}

/** Works through the items, a few at a time, in their order; after a failure no further ones are begun. */
async function inParallel<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const waiting = [...items]
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await work(item)
      } catch (error) {
        waiting.length = 0
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
