import { cpuMsOf } from './cpu.ts'

/** Work that can be done again and again, by which processes, and what frees what it uses. */
export type Subject = { once: () => Promise<void>; end?: () => Promise<void>; pids?: readonly number[] }

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

const WARM_UP_MS = 1_000

/** Medians of the rounds. Per second; and the CPU of all its processes in microseconds per operation. */
export type Side = { perSecond: number; cpuMicros: number }
/** Sides, and the median of the rounds' ratios. */
export type Result = {
  name: string
  ceilingIs: string
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
    for (const side of Object.values(sides)) await measure(side, atOnce, WARM_UP_MS)
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
    return resultOf(all, { name, ceilingIs })
  } finally {
    for (const side of Object.values(sides)) await side.end?.()
  }
}

function resultOf(
  rounds: { ceiling: Side; bazaar: Side; other: Side | undefined }[],
  named: { name: string; ceilingIs: string },
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
  return {
    perSecond: median(sides.map((side) => side.perSecond)),
    cpuMicros: median(sides.map((side) => side.cpuMicros)),
  }
}

/** How often per second the work is done by so many at once, and what it costs its processes. */
async function measure({ once, pids = [] }: Subject, atOnce: number, forMs: number): Promise<Side> {
  let done = 0
  const cpuBefore = await cpuMsOf(pids)
  const startedAt = performance.now()
  const worker = async () => {
    while (performance.now() - startedAt < forMs) {
      await once()
      done += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  const tookMs = performance.now() - startedAt
  const cpuMs = (await cpuMsOf(pids)) - cpuBefore
  return { perSecond: (done * 1_000) / tookMs, cpuMicros: (cpuMs * 1_000) / done }
}

/** The middle one of the numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
