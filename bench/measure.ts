import { cpuMsOf } from './cpu.ts'

/** Processes by their names. */
export type Pids = Readonly<Record<string, number>>

/** Work that can be done again and again, by which processes, and what frees what it uses. */
export type Subject = { once: () => Promise<void>; end?: () => Promise<void>; pids?: Pids }

/** What is compared: a thing that Bazaar does, and the least that could do it on this machine. */
export type Comparison = {
  name: string
  /** What the ceiling is, in a few words. */
  ceilingIs: string
  /** How many at once. */
  atOnce: number
  bazaar: Subject
  ceiling: Subject
}

/** How long is measured, and how often. */
export type Rounds = { rounds: number; roundMs: number }
/** At least five, or a machine that others use tells more of them than of us. */
export const THOROUGH: Rounds = { rounds: 7, roundMs: 2_000 }
/** For while one works on it. */
export const QUICK: Rounds = { rounds: 5, roundMs: 700 }

const WARM_UP_MS = 5_000

/**
 * Medians of the rounds: how many per second; how long half of them took at the most, and all but one in a hundred; and
 * the CPU in microseconds per operation, of all processes and of each.
 */
export type Side = {
  perSecond: number
  p50Ms: number
  p99Ms: number
  cpuMicros: number
  cpuMicrosOf: Record<string, number>
  /** The share that was refused or not done in time, as happens on a busy machine; none of it counts above. */
  refused: number
}
/** Sides, and the median of the rounds' ratios. */
export type Result = {
  name: string
  ceilingIs: string
  atOnce: number
  bazaar: Side
  ceiling: Side
  /** Bazaar to the ceiling. */
  ratio: number
  /** The other commit, when there is one, and how much faster Bazaar is than that. */
  other?: Side & { ratio: number; cpuRatio: number }
}

/**
 * Measures all sides in turn, round by round, in the same minute on the same machine: the ratio says how far Bazaar is
 * from what is possible, or from what it was, and survives a machine that is slower today than yesterday.
 */
export async function compare(
  { name, ceilingIs, atOnce, bazaar, ceiling }: Comparison,
  { rounds, roundMs }: Rounds,
  other?: Subject,
): Promise<Result> {
  const sides = { ceiling, bazaar, ...(other ? { other } : {}) }
  try {
    for (const side of Object.values(sides)) await warmUp(side, atOnce)
    const all: { ceiling: Side; bazaar: Side; other: Side | undefined }[] = []
    for (let round = 0; round < rounds; round++) {
      const one = {
        ceiling: await measure(ceiling, atOnce, roundMs),
        // Whichever comes second finds a warmer machine, so they take turns.
        other: other && round % 2 === 0 ? await measure(other, atOnce, roundMs) : undefined,
        bazaar: await measure(bazaar, atOnce, roundMs),
      }
      if (other && !one.other) one.other = await measure(other, atOnce, roundMs)
      all.push(one)
    }
    return resultOf(all, { name, ceilingIs, atOnce })
  } finally {
    for (const side of Object.values(sides)) await side.end?.()
  }
}

/** Does the work until most of it has been compiled; what is cold may be refused. */
async function warmUp({ once }: Subject, atOnce: number): Promise<void> {
  const startedAt = performance.now()
  const worker = async () => {
    while (performance.now() - startedAt < WARM_UP_MS) await Promise.allSettled([once()])
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

function resultOf(
  rounds: { ceiling: Side; bazaar: Side; other: Side | undefined }[],
  named: { name: string; ceilingIs: string; atOnce: number },
): Result {
  const bazaar = middle(rounds.map((round) => round.bazaar))
  const others = rounds.flatMap((round) => round.other ?? [])
  return {
    ...named,
    bazaar,
    ceiling: middle(rounds.map((round) => round.ceiling)),
    ratio: median(rounds.map((round) => round.bazaar.perSecond / round.ceiling.perSecond)),
    ...(others.length > 0
      ? {
          other: {
            ...middle(others),
            ratio: median(rounds.map((round) => round.bazaar.perSecond / (round.other?.perSecond ?? 0))),
            cpuRatio: median(rounds.map((round) => round.bazaar.cpuMicros / (round.other?.cpuMicros ?? 0))),
          },
        }
      : {}),
  }
}

function middle(sides: readonly Side[]): Side {
  const of = (numberOf: (side: Side) => number) => median(sides.map(numberOf))
  const names = Object.keys(sides[0]?.cpuMicrosOf ?? {})
  return {
    perSecond: of((side) => side.perSecond),
    p50Ms: of((side) => side.p50Ms),
    p99Ms: of((side) => side.p99Ms),
    cpuMicros: of((side) => side.cpuMicros),
    cpuMicrosOf: Object.fromEntries(names.map((name) => [name, of((side) => side.cpuMicrosOf[name] ?? 0)])),
    refused: of((side) => side.refused),
  }
}

/**
 * How often per second the work is done by so many at once, how long it takes, and what it costs its processes.
 * @throws {Error} the reason of the first refusal, when all was refused.
 */
async function measure({ once, pids = {} }: Subject, atOnce: number, forMs: number): Promise<Side> {
  const tookMs: number[] = []
  const refusals: unknown[] = []
  const cpuBefore = await cpuMsOf(pids)
  const startedAt = performance.now()
  const worker = async () => {
    for (let begunAt = performance.now(); begunAt - startedAt < forMs; begunAt = performance.now()) {
      try {
        await once()
        tookMs.push(performance.now() - begunAt)
      } catch (refusal) {
        refusals.push(refusal)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  const allMs = performance.now() - startedAt
  if (tookMs.length === 0) throw refusals[0]
  const cpuAfter = await cpuMsOf(pids)
  const microsOf = (name: string) =>
    (((cpuAfter[name] ?? 0) - (cpuBefore[name] ?? 0)) * 1_000) / tookMs.length
  const cpuMicrosOf = Object.fromEntries(Object.keys(pids).map((name) => [name, microsOf(name)]))
  const sorted = tookMs.toSorted((one, other) => one - other)
  const share = (part: number) => sorted[Math.floor(sorted.length * part)] ?? Number.NaN
  return {
    perSecond: (tookMs.length * 1_000) / allMs,
    p50Ms: share(0.5),
    p99Ms: share(0.99),
    cpuMicros: Object.values(cpuMicrosOf).reduce((sum, one) => sum + one, 0),
    cpuMicrosOf,
    refused: refusals.length / (refusals.length + tookMs.length),
  }
}

/** The middle one of the numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
