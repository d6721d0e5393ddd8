/** Times of two kinds of requests, in milliseconds, taken in turn so that the machine was as busy for both. */
export type Samples = { one: number[]; other: number[] }

/** Times the two in turn; every other time the other one comes first. */
export async function sample(
  times: number,
  work: { one: (index: number) => Promise<unknown>; other: (index: number) => Promise<unknown> },
): Promise<Samples> {
  const samples: Samples = { one: [], other: [] }
  for (let index = 0; index < times; index++) {
    const order = index % 2 === 0 ? (['one', 'other'] as const) : (['other', 'one'] as const)
    for (const which of order) {
      const startedAt = performance.now()
      await work[which](index)
      samples[which].push(performance.now() - startedAt)
    }
  }
  return samples
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/**
 * How likely so large a difference in rank is between samples that differ by chance alone: the Mann–Whitney test, by
 * its normal approximation, which is good from about ten values each.
 * https://en.wikipedia.org/wiki/Mann%E2%80%93Whitney_U_test#Normal_approximation_and_tie_correction
 */
export function chanceOf({ one, other }: Samples): number {
  const all = [
    ...one.map((value) => ({ value, mine: true })),
    ...other.map((value) => ({ value, mine: false })),
  ]
  all.sort((a, b) => a.value - b.value)
  const rankSum = all.reduce((sum, { mine }, index) => sum + (mine ? index + 1 : 0), 0)
  const [n, m] = [one.length, other.length]
  const u = rankSum - (n * (n + 1)) / 2
  const z = Math.abs(u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12)
  return 2 * (1 - normal(z))
}

/** The share of a normal distribution below z (Zelen and Severo, to seven digits). */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
}
