import { expect, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import { until } from '@bazaar/shared/testing/until'
import { market } from '../journeys/world.ts'
import { addPicture } from './market.ts'
import { openShop } from './open-shop.ts'
import { SIZES, type Visitor, visit } from './shop.ts'

const PICTURE = fileURLToPath(new URL('../../stack/seed/pictures/enamel-kettle-tomato.webp', import.meta.url))

const { shop, browser } = await openShop()
const world = await market()
await addPicture(world.anna, world.cup, PICTURE)

/** How wide each picture is that the browser chose, in pixels of the picture itself. */
async function chosenWidths({ page }: Visitor): Promise<unknown> {
  // Asked from outside: the policy of the page keeps `waitForFunction` from asking again inside.
  await until('the browser has chosen the pictures', () =>
    page.evaluate('[...document.querySelectorAll("main img")].every(({ currentSrc }) => currentSrc)'),
  )
  return await page.evaluate(`Promise.all([...document.querySelectorAll('main img')].map(async ({ currentSrc }) => {
    const picture = Object.assign(new Image(), { src: currentSrc })
    await picture.decode()
    return picture.naturalWidth
  }))`)
}

test.each([
  ['a phone', { viewport: SIZES.phone, deviceScaleFactor: 1 }, 240],
  ['a phone with a fine screen', { viewport: SIZES.phone, deviceScaleFactor: 2 }, 480],
  ['a desk', { viewport: SIZES.desktop, deviceScaleFactor: 1 }, 240],
  ['a desk with a fine screen', { viewport: SIZES.desktop, deviceScaleFactor: 2 }, 480],
])('a list on %s shows pictures of the width that it needs', async (_, window, width) => {
  const visitor = await visit(browser, shop, window)
  await visitor.at(`/sellers/${world.anna.id}`)
  expect(await chosenWidths(visitor)).toEqual([width])
  await visitor.close()
})

test.each([
  ['a phone', { viewport: SIZES.phone, deviceScaleFactor: 1 }, 480],
  ['a desk with a fine screen', { viewport: SIZES.desktop, deviceScaleFactor: 2 }, 720],
])('a product on %s shows its picture as sharp as the screen', async (_, window, width) => {
  const visitor = await visit(browser, shop, window)
  await visitor.at(`/products/${world.cup}`)
  expect(await chosenWidths(visitor)).toEqual([width])
  await visitor.close()
})

test.each(Object.entries(SIZES))('nothing moves on a %s when the pictures come', async (_, viewport) => {
  const visitor = await visit(browser, shop, { viewport })
  const { page } = visitor
  for (const path of [`/products/${world.cup}`, `/sellers/${world.anna.id}`]) {
    // The page is there before its pictures.
    const held = Promise.withResolvers<void>()
    await page.route('**/pictures/**', async (route) => {
      await held.promise
      await route.continue()
    })
    await page.goto(shop.url + path, { waitUntil: 'domcontentloaded' })
    const shifts = page.evaluate(`new Promise((resolve) => {
      let sum = 0
      new PerformanceObserver((list) => { for (const { value } of list.getEntries()) sum += value })
        .observe({ type: 'layout-shift', buffered: true })
      const all = [...document.querySelectorAll('main img')]
      for (const one of all) one.loading = 'eager'
      const isThere = () => all.every(({ complete, naturalWidth }) => complete && naturalWidth > 0)
      const look = () => isThere() ? requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum))) : setTimeout(look, 20)
      look()
    })`)
    held.resolve()
    expect([path, await shifts]).toEqual([path, 0])
    await page.unroute('**/pictures/**')
  }
  await visitor.close()
})

test('what is below the window waits, and what is kept is never asked for again', async () => {
  const visitor = await visit(browser, shop)
  await visitor.at(`/sellers/${world.anna.id}`)
  const picture = visitor.page.locator('main img').first()
  expect(await picture.getAttribute('loading')).toBe('lazy')
  const path = await picture.getAttribute('src')
  const answer = await visitor.context.request.get(`${shop.url}${path}`)
  expect(answer.headers()['cache-control']).toBe('public, max-age=31536000, immutable')
  await visitor.close()
})
