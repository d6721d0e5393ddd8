import type { Browser, CDPSession, Page } from 'playwright-core'

/** What the browser's own trace says of a page, in milliseconds, and what came over the network, in bytes. */
export type Seen = { lcpMs: number; tbtMs: number; bytes: Record<string, number> }

type Event = { name: string; ph: string; ts: number; dur?: number; tid: number; pid: number; args?: unknown }

/** A telephone of some years ago, on a bad line: a processor four times slower, 1.6 Mbit/s, 150 ms there and back. */
const TELEPHONE = { cpu: 4, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 }
/** A task that keeps people waiting longer than this is counted, as far as it does so. */
const SHORT_TASK_MS = 50
const CATEGORIES = [
  'loading',
  'blink.user_timing',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'toplevel',
]

/** Opens a page in a window that has kept nothing, and reads the trace. */
export async function trace(browser: Browser, url: string, { onTelephone = false } = {}): Promise<Seen> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  const bytes = await countBytes(session)
  if (onTelephone) {
    const { cpu, ...line } = TELEPHONE
    await session.send('Emulation.setCPUThrottlingRate', { rate: cpu })
    await session.send('Network.emulateNetworkConditions', { offline: false, ...line })
  }
  await browser.startTracing(page, { categories: CATEGORIES })
  await page.goto(url, { waitUntil: 'networkidle' })
  await settle(page)
  const buffer = await browser.stopTracing()
  await context.close()
  const { traceEvents }: { traceEvents: Event[] } = JSON.parse(buffer.toString('utf8'))
  return { ...read(traceEvents), bytes }
}

/** The bytes on the wire by the kind of what came: `Document`, `Stylesheet`, `Script`, `Image`. */
async function countBytes(session: CDPSession): Promise<Record<string, number>> {
  const kinds = new Map<string, string>()
  const bytes: Record<string, number> = {}
  session.on('Network.responseReceived', ({ requestId, type }) => void kinds.set(requestId, type))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? 'Other'
    bytes[kind] = (bytes[kind] ?? 0) + encodedDataLength
  })
  await session.send('Network.enable')
  return bytes
}

/** Until something was painted; two frames after everything is there, nothing larger is. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(`new Promise((done) =>
    new PerformanceObserver(() => requestAnimationFrame(() => requestAnimationFrame(done)))
      .observe({ type: 'largest-contentful-paint', buffered: true }))`)
}

function read(events: readonly Event[]): { lcpMs: number; tbtMs: number } {
  const largest = events.filter(({ name }) => name === 'largestContentfulPaint::Candidate').at(-1)
  if (!largest) throw new Error('The trace has no largest contentful paint')
  const start = events.filter(
    ({ name, ts, pid }) => name === 'navigationStart' && ts < largest.ts && pid === largest.pid,
  )
  const from = start.at(-1)?.ts
  if (from === undefined) throw new Error('The trace has no beginning of the navigation')
  const tbt = events
    .filter(
      ({ name, tid, pid, ts }) =>
        name === 'RunTask' && tid === largest.tid && pid === largest.pid && ts >= from,
    )
    .reduce((sum, { dur = 0 }) => sum + Math.max(0, dur / 1_000 - SHORT_TASK_MS), 0)
  return { lcpMs: (largest.ts - from) / 1_000, tbtMs: tbt }
}
