import { expect, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import { eachOf, market, newProduct } from '../journeys/world.ts'
import { addPicture } from './market.ts'
import { openShop } from './open-shop.ts'
import { logIn, type Visitor, visit } from './shop.ts'

/* What a page weighs on the wire, as the browser counts it. */

const HOME_BYTES_MAX = 60_000
const SCRIPT_BYTES_MAX = 15_000
/** More than the home page shows, so that it is as heavy as it gets, but for the names. */
const PRODUCTS = 24
const PICTURES = ['enamel-kettle-tomato', 'brass-compass'].map((name) =>
  fileURLToPath(new URL(`../../stack/seed/pictures/${name}.webp`, import.meta.url)),
)

const { shop, browser } = await openShop()
const world = await market()
const numbers = Array.from({ length: PRODUCTS }, (_, index) => index)
await eachOf(numbers, 4, async (number) => {
  const stockCount = 1 + (number % 12)
  const name = `A kettle with a name of the usual length ${number}`
  const category = `weighed-${number}`
  const productId = await newProduct(world.anna, { name, category, stockCount })
  for (const picture of PICTURES.slice(0, 1)) await addPicture(world.anna, productId, picture)
})
for (const picture of PICTURES) await addPicture(world.anna, world.cup, picture)

/** Opens a page in a window that has kept nothing, and counts the bytes on the wire by the kind of what came. */
async function weigh({ page, context }: Visitor, path: string): Promise<Map<string, number>> {
  const session = await context.newCDPSession(page)
  const kinds = new Map<string, string>()
  const bytes = new Map<string, number>()
  session.on('Network.responseReceived', ({ requestId, type }) => void kinds.set(requestId, type))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? 'Other'
    bytes.set(kind, (bytes.get(kind) ?? 0) + encodedDataLength)
  })
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  await page.goto(shop.url + path, { waitUntil: 'networkidle' })
  return bytes
}

test('the home page weighs at most 60 KB without its pictures, and has no script', async () => {
  const visitor = await visit(browser, shop)
  const bytes = await weigh(visitor, '/')
  expect(await visitor.page.locator('.card').count()).toBe(20)
  expect(await visitor.page.locator('.tile').count()).toBe(12)
  expect(bytes.get('Document')).toBeGreaterThan(1_000)
  expect(bytes.get('Stylesheet')).toBeGreaterThan(1_000)
  expect(bytes.get('Image')).toBeGreaterThan(10_000)
  expect(bytes.has('Script')).toBe(false)
  const own = [...bytes].filter(([kind]) => kind !== 'Image').reduce((sum, [, count]) => sum + count, 0)
  console.log(`home: ${own} bytes`, Object.fromEntries(bytes))
  expect(own).toBeLessThanOrEqual(HOME_BYTES_MAX)
  await visitor.close()
})

test('what is compressed is the same for those who do not take it so', async () => {
  const page = await (await fetch(shop.url)).text()
  const path = /href="(\/assets\/style[^"]+)"/.exec(page)?.[1] ?? ''
  const [short, long] = await Promise.all(
    ['gzip', 'identity'].map((accepted) =>
      fetch(shop.url + path, { headers: { 'accept-encoding': accepted } }),
    ),
  )
  const encodings = [short, long].map((answer) => answer?.headers.get('content-encoding') ?? null)
  expect(encodings).toEqual(['gzip', null])
  expect(await short?.text()).toBe((await long?.text()) ?? '')
  expect(short?.headers.get('vary')).toBe('accept-encoding')
})

test('the one page with a script has at most 15 KB of it', async () => {
  const visitor = await visit(browser, shop)
  await logIn(visitor, world.anna)
  const bytes = await weigh(visitor, `/desk/products/${world.cup}`)
  expect(bytes.get('Script')).toBeGreaterThan(1_000)
  expect(bytes.get('Script')).toBeLessThanOrEqual(SCRIPT_BYTES_MAX)
  await visitor.close()
})
