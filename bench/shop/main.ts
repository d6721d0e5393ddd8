import process from 'node:process'
import { startProgram } from '@bazaar/shared/testing/service'
import { showProgress } from '@bazaar/stack/progress'
import { UNLIMITED } from '@bazaar/stack/services/unlimited'
import { startStack } from '@bazaar/stack/stack'
import { table } from '@bazaar/stack/table'
import { startBrowser } from '../../tests/browser/swagger-page.ts'
import { startBare } from './bare.ts'
import { startRecorder } from './calls.ts'
import { openMarket } from './market.ts'
import { type MeasuredPage, SERVED_HEAD, served } from './served.ts'
import { type Seen, trace } from './trace.ts'

/*
 * `bun run bench:shop`: how long the pages of the shop take, each beside the least that could do the same, in one run: for
 * the server the calls to the services that a page is made of, for the browser a bare page of the same bytes. Nothing here is
 * a test; what a page may weigh is asserted by `tests/shop/weight.test.ts`.
 */

const ROUNDS = 7

const progress = showProgress()
const stack = await startStack({
  name: `bench-shop-${process.pid}`,
  environment: { ...UNLIMITED, BCRYPT_COST: '10' },
  external: {},
  progress,
})
const recorders = {
  user: await startRecorder(stack.urls.user),
  inventory: await startRecorder(stack.urls.inventory),
  order: await startRecorder(stack.urls.order),
}
const shop = await startShop(stack.urls)
// Another one, as what notes its calls also slows them down.
const recorded = await startShop({
  user: recorders.user.url,
  inventory: recorders.inventory.url,
  order: recorders.order.url,
})
const browser = await startBrowser()
try {
  await stack.loadDemoData()
  const pages = await progress.step('Fill the marketplace', async () => {
    const all = await openMarket(stack.urls, shop.url)
    return await Array.fromAsync(all, withCalls)
  })
  await recorded.stop()
  console.log(`\n${table([SERVED_HEAD, ...(await served(shop.url, pages))]).join('\n')}\n`)
  console.log(
    `${table([['home', 'LCP ms', 'TBT ms', 'KB without pictures', 'KB script', 'KB pictures'], ...(await painted())]).join('\n')}\n`,
  )
} finally {
  await browser.close()
  await recorded.stop()
  await shop.stop()
  for (const { close } of Object.values(recorders)) close()
  await stack.stop()
  await stack.forget()
}

/** Starts a shop that asks the services at these addresses. */
function startShop(urls: { user: string; inventory: string; order: string }) {
  return startProgram('shop', {
    USER_URL: urls.user,
    INVENTORY_URL: urls.inventory,
    ORDER_URL: urls.order,
    ORIGINS: 'http://127.0.0.1:1',
    COOKIE_SECRET: 'only-to-measure-only-to-measure-only-to-measure',
  })
}

/** A page with the calls that it is made of: it makes them once, to be noted. */
async function withCalls(page: Omit<MeasuredPage, 'calls'>): Promise<MeasuredPage> {
  const all = Object.values(recorders)
  for (const { calls } of all) calls.length = 0
  await (await fetch(recorded.url + page.path, { headers: { cookie: page.cookie } })).text()
  return { ...page, calls: all.flatMap(({ calls }) => [...calls]) }
}

/** The home page and a bare one in turn, on this machine and as on a telephone. */
async function painted(): Promise<string[][]> {
  const bare = await startBare(shop.url)
  const rows: string[][] = []
  for (const onTelephone of [false, true]) {
    const seen: Record<'shop' | 'bare', Seen[]> = { shop: [], bare: [] }
    for (let round = 0; round < ROUNDS; round++) {
      seen.shop.push(await trace(browser, `${shop.url}/`, { onTelephone }))
      seen.bare.push(await trace(browser, bare.url, { onTelephone }))
    }
    for (const [name, all] of Object.entries(seen))
      rows.push([`${name}${onTelephone ? ', telephone' : ''}`, ...figures(all)])
  }
  bare.close()
  return rows
}

function figures(all: readonly Seen[]): string[] {
  const kilobytes = (...kinds: string[]) =>
    (
      median(all.map(({ bytes }) => kinds.reduce((sum, kind) => sum + (bytes[kind] ?? 0), 0))) / 1_000
    ).toFixed(1)
  return [
    median(all.map(({ lcpMs }) => lcpMs)).toFixed(0),
    median(all.map(({ tbtMs }) => tbtMs)).toFixed(0),
    kilobytes('Document', 'Stylesheet', 'Script', 'Other'),
    kilobytes('Script'),
    kilobytes('Image'),
  ]
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN
}
