import { setTimeout as delay } from 'node:timers/promises'
import type { Call } from './calls.ts'

/** A page of the shop, the cookies with which it is asked for, and the calls that it is made of. */
export type MeasuredPage = { name: string; path: string; cookie: string; calls: readonly Call[] }

/** What a page takes: for whoever asks, in the shop alone, and its calls one after the other without the shop. */
type Taken = { pageMs: number; shopMs: number; callsMs: number }

/** The pages take turns, so that none is measured while the shop is still new. */
const ROUNDS = 60
/** Lets what the last answer has left to do be done. */
const PAUSE_MS = 2

/** The head of the table of `served`. */
export const SERVED_HEAD = ['page', 'ms', 'ms in the shop', 'its calls', 'ms of the calls', 'to the calls']

/**
 * Each page beside its calls. The shop's own time is what it says itself in its metrics, from the request to the answer, its
 * calls included. The calls are made here in the way in which the shop makes them, straight to the services.
 */
export async function served(shop: string, pages: readonly MeasuredPage[]): Promise<string[][]> {
  const taken = new Map<string, Taken[]>(pages.map(({ name }) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const page of pages) taken.get(page.name)?.push(await take(shop, page))
  }
  return pages.map(({ name, calls }) => {
    const all = taken.get(name) ?? []
    const [pageMs, shopMs, callsMs] = (['pageMs', 'shopMs', 'callsMs'] as const).map((kind) =>
      undisturbed(all.map((one) => one[kind])),
    ) as [number, number, number]
    const ratio = (shopMs / callsMs).toFixed(2)
    return [name, pageMs.toFixed(2), shopMs.toFixed(2), String(calls.length), callsMs.toFixed(2), ratio]
  })
}

async function take(shop: string, { path, cookie, calls }: MeasuredPage): Promise<Taken> {
  const before = await workedMs(shop)
  await delay(PAUSE_MS)
  const pageMs = await get(shop + path, { cookie })
  const shopMs = (await workedMs(shop)) - before
  await delay(PAUSE_MS)
  let callsMs = 0
  for (const { url, headers } of calls) callsMs += await get(url, headers)
  return { pageMs, shopMs, callsMs }
}

/** Reads an answer to its end, and says how long that took. */
async function get(url: string, headers: Record<string, string>): Promise<number> {
  const startedAt = performance.now()
  const answer = await fetch(url, { headers, redirect: 'manual' })
  await answer.arrayBuffer()
  const ms = performance.now() - startedAt
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`)
  return ms
}

/** How long the shop has worked so far on everything but its metrics. */
async function workedMs(shop: string): Promise<number> {
  const metrics = await (await fetch(`${shop}/metrics`)).text()
  const sums = metrics.matchAll(/^http_request_duration_seconds_sum\{(?!.*"GET \/metrics").*\} (\S+)$/gm)
  return [...sums].reduce((sum, [, seconds]) => sum + Number(seconds) * 1_000, 0)
}

/** The tenth percentile: what else the machine does only adds to it. */
function undisturbed(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 10)] ?? Number.NaN
}
