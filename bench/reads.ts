import { spawn } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Stack } from '@bazaar/stack/stack'
import { benchTables, order } from './comparisons.ts'
import type { Market } from './market.ts'
import type { Comparison, Subject } from './measure.ts'
import { reader } from './reader.ts'

const READERS = 32
const HISTORY_ORDERS = 20

/** The home page. */
export function homePage({ urls }: Stack): Promise<Comparison> {
  return page('GET /home', `${urls.inventory}/home`)
}

/** The home page for a reader who has it already. */
export async function homePageKnown({ urls }: Stack): Promise<Comparison> {
  const url = `${urls.inventory}/home`
  const etag = (await fetch(url)).headers.get('etag') ?? ''
  return { ...(await page('GET /home, 304', url)), bazaar: reader(url, { 'if-none-match': etag }, 304) }
}

/** The page of one product. */
export function productPage({ urls }: Stack, market: Market): Promise<Comparison> {
  return page('GET /products/{id}', `${urls.inventory}/products/${market.products()}`)
}

/** The newest products. */
export function productList({ urls }: Stack): Promise<Comparison> {
  return page('GET /products, 24', `${urls.inventory}/products?limit=24`)
}

/** A buyer's own account. */
export async function ownAccount(stack: Stack, market: Market): Promise<Comparison> {
  const { session } = market.buyers()
  await (await benchTables(stack)).end()
  return page('GET /users/me', `${stack.urls.user}/users/me`, {
    headers: { session },
    stores: { BARE_REDIS_URL: stack.adminUrls.redis, BARE_MYSQL_URL: stack.adminUrls.mysql },
  })
}

/** A buyer's orders. */
export async function orderHistory(stack: Stack, market: Market): Promise<Comparison> {
  const buyer = market.buyers()
  for (let number = 0; number < HISTORY_ORDERS; number++) await order(market, { buyer })
  return page('GET /orders, 20', `${stack.urls.order}/orders`, { headers: { session: buyer.session } })
}

async function page(
  name: string,
  url: string,
  { headers = {}, stores }: { headers?: Record<string, string>; stores?: Record<string, string> } = {},
): Promise<Comparison> {
  const answer = await fetch(url, { headers })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
  return {
    name,
    ceilingIs: stores
      ? 'the same bytes after a Redis GET and a SELECT by key'
      : 'the same bytes from a bare Elysia',
    atOnce: READERS,
    bazaar: reader(url, headers),
    ceiling: await bare(await answer.text(), stores),
  }
}

/** A process of its own, so that it has as much of the machine as the service that it is compared with. */
async function bare(body: string, stores: Record<string, string> = {}): Promise<Subject> {
  const program = fileURLToPath(new URL('bare.ts', import.meta.url))
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...stores },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(body)
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim()))
    child.once('exit', () => reject(new Error('the bare Elysia did not start')))
  })
  const { once, end } = reader(`http://127.0.0.1:${port}/`)
  return {
    once,
    pids: child.pid === undefined ? {} : { ceiling: child.pid },
    end: async () => {
      await end()
      child.kill()
    },
  }
}
