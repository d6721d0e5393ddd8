import { expect, setDefaultTimeout, test } from 'bun:test'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { SERVICES } from '@bazaar/stack/servers/databases'
import { table } from '@bazaar/stack/table'
import { inFunction, type Plant, planted } from '../plants/plant.ts'
import { createDatabases, startMarketplace } from '../stores/marketplace.ts'
import { beginLoad } from './load.ts'
import { isAbove, type Sample, type Slope, slopeOf } from './slope.ts'

/*
 * A marketplace works for a while, and the memory that its services hold does not grow with the number of requests.
 * It is counted in requests and not in minutes, so that a busy machine only makes it longer.
 */

setDefaultTimeout(60 * 60_000)

const REQUESTS = process.env['BAZAAR_TEST_FULL'] === '1' ? 40_000 : 6_000
/** Enough for a leak of the size below. */
const REQUESTS_OF_LEAK = 1_500
/** Caches, pools and compiled code grow in the first part, and then no more. */
const WARM_UP_PART = 1 / 3
const SAMPLES = 40
/** A kilobyte a request is a gigabyte after a million. */
const BOUND_BYTES = 1_024
const MEASURES = { heap: 'nodejs_heap_size_used_bytes', resident: 'process_resident_memory_bytes' } as const

/** Something of 40 KB that every request leaves behind. */
const leak = inFunction(
  'shared/http/operations.ts',
  'operations',
  'context.set.status = usualStatusOf(operation)',
  `context.set.status = usualStatusOf(operation)
      const left = globalThis as { behind?: unknown[] }
      left.behind ??= []
      left.behind.push(Array.from({ length: 1_000 }, () => ({ left: 1 })))`,
)

type Growth = { service: string; measure: keyof typeof MEASURES; from: number; to: number; slope: Slope }

/** How the memory of each service grows during a load. */
async function growthOf(requestsMax: number, plants: readonly Plant[]): Promise<Growth[]> {
  const databases = await createDatabases()
  const collector = fileURLToPath(new URL('collect-garbage.ts', import.meta.url))
  const { arguments: preload, environment } = planted(plants)
  const options = [`--preload=${collector}`, preload.join('=')].join(' ')
  const market = await startMarketplace(databases, { BUN_OPTIONS: options, ...environment })
  const looks: { requests: number; figures: Record<string, number> }[] = []
  try {
    const load = await beginLoad(market.urls)
    const every = (requestsMax * (1 - WARM_UP_PART)) / SAMPLES
    let next = requestsMax * WARM_UP_PART
    while (load.requests() < requestsMax) {
      await delay(100)
      if (load.requests() < next) continue
      next += every
      looks.push({ requests: load.requests(), figures: await figuresOf(market.urls) })
    }
    await load.stop()
  } finally {
    await market.stop()
    await databases.drop()
  }
  return SERVICES.flatMap((service) =>
    (['heap', 'resident'] as const).map((measure) => {
      const samples = looks.map(
        ({ requests, figures }): Sample => ({
          requests,
          bytes: figures[`${service} ${measure}`] ?? Number.NaN,
        }),
      )
      const [from = 0, to = 0] = [samples[0]?.bytes, samples.at(-1)?.bytes]
      return { service, measure, from, to, slope: slopeOf(samples) }
    }),
  )
}

/** The memory of every service, by service and measure, as it tells it. */
async function figuresOf(urls: Readonly<Record<string, string>>): Promise<Record<string, number>> {
  const told = await Promise.all(
    SERVICES.map(async (service) => {
      const answer = await fetch(`${urls[`BAZAAR_${service.toUpperCase()}_URL`]}/metrics`)
      const text = await answer.text()
      return Object.entries(MEASURES).map(([measure, name]): [string, number] => [
        `${service} ${measure}`,
        Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(text)?.[1]),
      ])
    }),
  )
  return Object.fromEntries(told.flat())
}

function show(growths: readonly Growth[]): void {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
  const rows = growths.map(({ service, measure, from, to, slope }) => [
    service,
    measure,
    megabytes(from),
    megabytes(to),
    `${Math.round(slope.bytesPerRequest)} ± ${Math.round(2 * slope.error)}`,
  ])
  console.log(table([['service', 'memory', 'from', 'to', 'bytes a request'], ...rows]).join('\n'))
}

const growing = (growths: readonly Growth[]) =>
  growths
    .filter(({ slope }) => isAbove(slope, BOUND_BYTES))
    .map(({ service, measure }) => `${service} ${measure}`)

test(`After ${REQUESTS} requests of every kind no service holds more memory than before`, async () => {
  const growths = await growthOf(REQUESTS, [])
  show(growths)
  expect(growing(growths)).toEqual([])
})

test('Something that every request leaves behind is noticed in each service that is busy', async () => {
  const growths = await growthOf(REQUESTS_OF_LEAK, [leak])
  show(growths)
  expect(growing(growths)).toEqual(expect.arrayContaining(['user heap', 'inventory heap', 'order heap']))
})
