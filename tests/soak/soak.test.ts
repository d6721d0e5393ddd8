import { expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
 * A marketplace works for a while, and what its services hold does not grow with the number of requests.
 * It is counted in requests and not in minutes, so that a busy machine only makes it longer.
 */

setDefaultTimeout(60 * 60_000)

const REQUESTS = process.env['BAZAAR_TEST_FULL'] === '1' ? 40_000 : 4_000
/** Enough for a leak of the size below. */
const REQUESTS_OF_LEAK = 1_200
/** Caches, pools and compiled code grow in the first part, and then no more. */
const WARM_UP_PART = 1 / 2
const SAMPLES = 20
/**
 * The most that a request may leave behind. Objects can be counted to a few hundred, so even a small leak is seen. The
 * heap also holds compiled code. Resident memory goes up and down by some megabytes and shows only what is outside the heap.
 */
const BOUNDS = { objects: 1, 'heap bytes': 1_024, 'resident bytes': 8_192 } as const
type Measure = keyof typeof BOUNDS
const MEASURES: readonly Measure[] = ['objects', 'heap bytes', 'resident bytes']

/** Something of 40 KB that every request leaves behind. */
const leak = inFunction(
  'shared/http/routes/operations.ts',
  'operations',
  'context.set.status = usualStatusOf(operation)',
  `context.set.status = usualStatusOf(operation)
      const left = globalThis as { behind?: unknown[] }
      left.behind ??= []
      left.behind.push(Array.from({ length: 1_000 }, () => ({ left: 1 })))`,
)

type Growth = { service: string; measure: Measure; from: number; to: number; slope: Slope }

/** How the memory of each service grows during a load. */
async function growthOf(requestsMax: number, plants: readonly Plant[]): Promise<Growth[]> {
  const databases = await createDatabases()
  const collector = fileURLToPath(new URL('collect-garbage.ts', import.meta.url))
  const { arguments: preload, environment } = planted(plants)
  const options = [`--preload=${collector}`, preload.join('=')].join(' ')
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-held-'))
  const market = await startMarketplace(databases, {
    BUN_OPTIONS: options,
    HELD_FOLDER: folder,
    ...environment,
  })
  const looks: { requests: number; figures: Record<string, number> }[] = []
  try {
    const load = await beginLoad(market.urls)
    const every = (requestsMax * (1 - WARM_UP_PART)) / SAMPLES
    let next = requestsMax * WARM_UP_PART
    while (load.requests() < requestsMax) {
      await delay(100)
      if (load.requests() < next) continue
      next += every
      looks.push({ requests: load.requests(), figures: await figuresOf(market.urls, folder) })
    }
    await load.stop()
  } finally {
    await market.stop()
    await databases.drop()
    await rm(folder, { recursive: true })
  }
  return SERVICES.flatMap((service) =>
    MEASURES.map((measure) => {
      const samples = looks.map(
        ({ requests, figures }): Sample => ({
          requests,
          held: figures[`${service} ${measure}`] ?? Number.NaN,
        }),
      )
      const [from = 0, to = 0] = [samples[0]?.held, samples.at(-1)?.held]
      return { service, measure, from, to, slope: slopeOf(samples) }
    }),
  )
}

/** What every service holds, by service and measure. */
async function figuresOf(
  urls: Readonly<Record<string, string>>,
  folder: string,
): Promise<Record<string, number>> {
  const told = await Promise.all(
    SERVICES.map(async (service) => {
      const url = new URL(urls[`BAZAAR_${service.toUpperCase()}_URL`] ?? '')
      const answer = await fetch('http://localhost/', { unix: join(folder, url.port) })
      const held: Record<string, number> = await answer.json()
      return MEASURES.map((measure): [string, number] => [
        `${service} ${measure}`,
        held[measure] ?? Number.NaN,
      ])
    }),
  )
  return Object.fromEntries(told.flat())
}

function show(growths: readonly Growth[]): void {
  const rows = growths.map(({ service, measure, from, to, slope }) => [
    service,
    measure,
    from.toLocaleString('en'),
    to.toLocaleString('en'),
    `${slope.perRequest.toFixed(1)} ± ${(2 * slope.error).toFixed(1)}`,
  ])
  console.log(table([['service', 'holds', 'from', 'to', 'more a request'], ...rows]).join('\n'))
}

const growing = (growths: readonly Growth[]) =>
  growths
    .filter(({ measure, slope }) => isAbove(slope, BOUNDS[measure]))
    .map(({ service, measure }) => `${service} ${measure}`)

test(`After ${REQUESTS} requests of every kind no service holds more than before`, async () => {
  const growths = await growthOf(REQUESTS, [])
  show(growths)
  expect(growing(growths)).toEqual([])
})

test('Something that every request leaves behind is noticed in each service that is busy', async () => {
  const growths = await growthOf(REQUESTS_OF_LEAK, [leak])
  show(growths)
  expect(growing(growths)).toEqual(
    expect.arrayContaining(['user objects', 'inventory objects', 'order objects']),
  )
})
