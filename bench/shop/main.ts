import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { startProgram } from '@bazaar/shared/testing/service'
import { showProgress } from '@bazaar/stack/progress'
import { UNLIMITED } from '@bazaar/stack/services/unlimited'
import { startStack } from '@bazaar/stack/stack'
import { table } from '@bazaar/stack/table'
import { startBrowser } from '../../tests/browser/swagger-page.ts'
import { startBare } from './bare.ts'
import { startMeter } from './calls.ts'
import { openMarket } from './market.ts'
import { type Seen, trace } from './trace.ts'

/*
 * `bun run bench:shop`: how long the pages of the shop take, each beside the least that could do the same, in one run: for
 * the server the calls to the services that a page is made of, for the browser a bare page of the same bytes. Nothing here is
 * a test; what a page may weigh is asserted by `tests/shop/weight.test.ts`.
 */

const REQUESTS = 60
const ROUNDS = 7

const progress = showProgress()
const stack = await startStack({
  name: `bench-shop-${process.pid}`,
  environment: { ...UNLIMITED, BCRYPT_COST: '10' },
  external: {},
  progress,
})
const meters = await Promise.all(
  (['user', 'inventory', 'order'] as const).map(async (name) => ({
    name,
    meter: await startMeter(stack.urls[name]),
  })),
)
const shop = await startProgram('shop', {
  ...Object.fromEntries(meters.map(({ name, meter }) => [`${name.toUpperCase()}_URL`, meter.url])),
  ORIGINS: 'http://127.0.0.1:1',
  COOKIE_SECRET: 'only-to-measure-only-to-measure-only-to-measure',
})
const browser = await startBrowser()
try {
  await stack.loadDemoData()
  const pages = await progress.step('Fill the marketplace', () => openMarket(stack.urls, shop.url))
  console.log(
    `\n${table([['page', 'ms', 'its calls', 'ms of the calls', 'to the calls'], ...(await served(pages))]).join('\n')}\n`,
  )
  console.log(
    `${table([['home', 'LCP ms', 'TBT ms', 'KB without pictures', 'KB script', 'KB pictures'], ...(await painted())]).join('\n')}\n`,
  )
} finally {
  await browser.close()
  await shop.stop()
  for (const { meter } of meters) meter.close()
  await stack.stop()
  await stack.forget()
}

/** Each page beside its calls: how long it takes, and how long its calls take together, where nothing else disturbed. */
async function served(pages: readonly { name: string; path: string; cookie: string }[]): Promise<string[][]> {
  const rows: string[][] = []
  for (const { name, path, cookie } of pages) {
    const took: number[] = []
    const sums: number[] = []
    let calls = 0
    for (let number = 0; number < REQUESTS; number++) {
      for (const { meter } of meters) meter.took.length = 0
      const startedAt = performance.now()
      const answer = await fetch(shop.url + path, { headers: { cookie }, redirect: 'manual' })
      await answer.text()
      const ms = performance.now() - startedAt
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`)
      const all = meters.flatMap(({ meter }) => meter.took)
      calls = all.length
      took.push(ms)
      sums.push(all.reduce((sum, one) => sum + one, 0))
      await delay(2)
    }
    const [page, sum] = [undisturbed(took), undisturbed(sums)]
    rows.push([name, page.toFixed(1), String(calls), sum.toFixed(1), (page / sum).toFixed(2)])
  }
  return rows
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

/** The tenth percentile: what else the machine does only adds to it. */
function undisturbed(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 10)] ?? Number.NaN
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN
}
