/** One look at how much a process holds, after so many requests. */
export type Sample = { requests: number; held: number }

/** How much more a process holds after each request, and the standard error of that. */
export type Slope = { perRequest: number; error: number }

/**
 * The straight line through the samples, by least squares.
 * @throws {Error} when there are too few samples to tell.
 */
export function slopeOf(samples: readonly Sample[]): Slope {
  const count = samples.length
  if (count < 3) throw new Error('Cannot tell a slope from fewer than three samples')
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / count
  const [x, y] = [mean(({ requests }) => requests), mean(({ held }) => held)]
  const sum = (of: (sample: Sample) => number) => count * mean(of)
  const spread = sum(({ requests }) => (requests - x) ** 2)
  const perRequest = sum(({ requests, held }) => (requests - x) * (held - y)) / spread
  const left = sum(({ requests, held }) => (held - y - perRequest * (requests - x)) ** 2)
  return { perRequest, error: Math.sqrt(left / (count - 2) / spread) }
}

/** Whether a slope is above the bound beyond doubt: by more than twice its error. */
export function isAbove({ perRequest, error }: Slope, bound: number): boolean {
  return perRequest - 2 * error > bound
}
