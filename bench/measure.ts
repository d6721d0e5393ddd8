/** Work that can be done again and again, and what frees what it uses. */
export type Subject = { once: () => Promise<void>; end?: () => Promise<void> }

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

/** Per second, the median of the rounds; `ratio` is the median of the rounds' ratios. */
export type Result = { name: string; ceilingIs: string; bazaar: number; ceiling: number; ratio: number }

const ROUNDS = 3
const ROUND_MS = 3_000
const WARM_UP_MS = 500

/**
 * Measures both sides in turn, round by round, in the same minute on the same machine: the ratio says how far
 * Bazaar is from what is possible, and survives a machine that is slower today than yesterday.
 */
export async function compare(comparison: Comparison): Promise<Result> {
  const { name, ceilingIs, atOnce, bazaar, ceiling } = comparison
  try {
    await rateOf(ceiling, atOnce, WARM_UP_MS)
    await rateOf(bazaar, atOnce, WARM_UP_MS)
    const rounds: { bazaar: number; ceiling: number }[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const highest = await rateOf(ceiling, atOnce, ROUND_MS)
      rounds.push({ ceiling: highest, bazaar: await rateOf(bazaar, atOnce, ROUND_MS) })
    }
    return {
      name,
      ceilingIs,
      bazaar: median(rounds.map((round) => round.bazaar)),
      ceiling: median(rounds.map((round) => round.ceiling)),
      ratio: median(rounds.map((round) => round.bazaar / round.ceiling)),
    }
  } finally {
    await bazaar.end?.()
    await ceiling.end?.()
  }
}

/** How often per second the work is done by so many at once. */
async function rateOf({ once }: Subject, atOnce: number, forMs: number): Promise<number> {
  let done = 0
  const startedAt = performance.now()
  const worker = async () => {
    while (performance.now() - startedAt < forMs) {
      await once()
      done += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return (done * 1_000) / (performance.now() - startedAt)
}

/** The middle one of the numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
