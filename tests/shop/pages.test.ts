import { describe, expect, test } from 'bun:test'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { market, newProduct, place } from '../journeys/world.ts'
import { addPicture } from './market.ts'
import { openShop } from './open-shop.ts'
import { logIn, SIZES, type Visitor, visit } from './shop.ts'
import { pathsOfShop } from './shop-routes.ts'

/*
 * Every page in front of axe-core, on a phone and on a desk, by day and by night, with reduced motion, and with everything
 * twice as large. With BAZAAR_SHOP_PICTURES=folder the pages are photographed on the way.
 */

const PICTURE = fileURLToPath(new URL('../../stack/seed/pictures/enamel-kettle-tomato.webp', import.meta.url))
const PICTURES = process.env['BAZAAR_SHOP_PICTURES']
const SCHEMES = ['light', 'dark'] as const
/** What a window of a desk shows when its page is zoomed to 200 %: half as much, twice as large. */
const ZOOMED = { width: SIZES.desktop.width / 2, height: SIZES.desktop.height / 2 }
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const { shop, browser } = await openShop()
const world = await market()
await addPicture(world.anna, world.cup, PICTURE)
await newProduct(world.anna, { name: 'Pot'.repeat(40), stockCount: 3 })
const [confirmed, unpaid] = await Promise.all([
  place(world.buyer, [
    { productId: world.cup, quantity: 2 },
    { productId: world.pot, quantity: 1 },
  ]),
  place(world.buyer, [{ productId: world.cup, quantity: 1 }], { cardToken: 'tok_declined_0002' }),
])
const ordered = { confirmed: confirmed.body.id, unpaid: unpaid.body.id }

/** Where to look, and as whom. What is opened first shows more of the page. */
function pagesOf(who: 'anybody' | 'buyer' | 'seller'): { name: string; path: string; status?: number }[] {
  switch (who) {
    case 'anybody':
      return [
        { name: 'home', path: '/' },
        { name: 'category', path: '/categories/kitchen' },
        { name: 'search', path: '/search?q=cup&min=1&sort=name&in-stock=yes' },
        { name: 'nothing found', path: '/search?q=zzzzzz' },
        { name: 'product', path: `/products/${world.cup}` },
        { name: 'product without a picture', path: `/products/${world.pot}` },
        { name: 'seller', path: `/sellers/${world.anna.id}` },
        { name: 'empty basket', path: '/basket' },
        { name: 'sign-up', path: '/sign-up' },
        { name: 'log-in', path: '/log-in?ended=yes' },
        { name: 'forgotten password', path: '/forgotten-password' },
        { name: 'new password', path: `/new-password?link=${'A'.repeat(43)}` },
        { name: 'verify e-mail', path: `/verify-email?link=${'A'.repeat(43)}` },
        { name: 'operator', path: '/operator' },
        { name: 'no such page', path: '/nowhere', status: 404 },
      ]
    case 'buyer':
      return [
        { name: 'basket', path: '/basket' },
        { name: 'checkout', path: '/checkout' },
        { name: 'orders', path: '/orders' },
        { name: 'order', path: `/orders/${ordered.confirmed}` },
        { name: 'order to pay', path: `/orders/${ordered.unpaid}` },
        { name: 'account', path: '/account' },
        { name: 'new address', path: '/addresses/new' },
        { name: 'address', path: `/addresses/${world.buyer.addressId}` },
      ]
    case 'seller':
      return [
        { name: 'desk', path: '/desk' },
        { name: 'offer', path: '/desk/products/new' },
        { name: 'own product', path: `/desk/products/${world.cup}` },
        { name: 'sales', path: '/desk/sales' },
        { name: 'sale', path: `/desk/sales/${ordered.confirmed}` },
      ]
  }
}

describe.each(['anybody', 'buyer', 'seller'] as const)('the pages for %s', (who) => {
  test('have nothing that keeps anybody from using them', async () => {
    const visitor = await visit(browser, shop, { expectedFaults: /404/ })
    if (who === 'buyer') {
      await visitor.at(`/products/${world.cup}`)
      await visitor.press('Add to basket')
      await logIn(visitor, world.buyer)
    }
    if (who === 'seller') await logIn(visitor, world.anna)
    const found: string[] = []
    for (const { name, path, status = 200 } of pagesOf(who)) {
      const answer = await visitor.page.goto(shop.url + path)
      expect({ path, status: answer?.status() }).toEqual({ path, status })
      await visitor.page.evaluate(axe.source)
      for (const details of await visitor.page.locator('details:not([open]) > summary').all())
        await details.click()
      for (const [size, viewport] of Object.entries({ ...SIZES, zoomed: ZOOMED })) {
        await visitor.page.setViewportSize(viewport)
        for (const colorScheme of SCHEMES) {
          await visitor.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
          found.push(
            ...(await barriersOf(visitor)).map((barrier) => `${name}, ${size}, ${colorScheme}: ${barrier}`),
          )
          await photograph(visitor, `${name} ${size} ${colorScheme}`)
        }
      }
    }
    expect(found).toEqual([])
    expect(visitor.faults).toEqual([])
    await visitor.close()
  })
})

test('no page of the shop is left out', () => {
  const pages = pathsOfShop('GET').filter((path) => !NO_PAGE.test(path))
  expect(pages.length).toBeGreaterThan(15)
  const seen = (['anybody', 'buyer', 'seller'] as const).flatMap((who) =>
    pagesOf(who).map(({ path }) => new URL(path, shop.url).pathname),
  )
  // What is `new` is no id.
  const isSeen = (path: string) => {
    const pattern = new RegExp(`^${path.replaceAll(/:\w+/g, '(?!new$)[^/]+')}$`)
    return seen.some((one) => pattern.test(one))
  }
  expect(pages.filter((path) => !isSeen(path))).toEqual([])
})

/** What is asked for with GET and shows nothing to people. */
const NO_PAGE = /^\/(health|metrics|assets|pictures|icon)/

/** What axe-core finds, and whether the page is wider than the window. */
async function barriersOf({ page }: Visitor): Promise<string[]> {
  const [violations, isTooWide] = await Promise.all([
    page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(RULES)} }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ html }) => html.slice(0, 120)).join(' ')))`),
    page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth'),
  ])
  const said = Array.isArray(violations) ? violations.map(String) : ['axe-core did not answer']
  return isTooWide === true ? [...said, 'wider than the window'] : said
}

async function photograph({ page }: Visitor, name: string): Promise<void> {
  if (!PICTURES) return
  mkdirSync(PICTURES, { recursive: true })
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: join(PICTURES, `${name.replaceAll(' ', '-')}.png`), fullPage: true })
}
