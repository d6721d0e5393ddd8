/** One look at the memory of a process, after so many requests. */
export type Sample = { requests: number; bytes: number }

/** How many bytes a process grows with each request, and the standard error of that. */
export type Slope = { bytesPerRequest: number; error: number }

/**
 * The straight line through the samples, by least squares.
 * @throws {Error} when there are too few samples to tell.
 */
export function slopeOf(samples: readonly Sample[]): Slope {
  const count = samples.length
  if (count < 3) throw new Error('Cannot tell a slope from fewer than three samples')
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / count
  const [x, y] = [mean(({ requests }) => requests), mean(({ bytes }) => bytes)]
  const sum = (of: (sample: Sample) => number) => count * mean(of)
  const spread = sum(({ requests }) => (requests - x) ** 2)
  const bytesPerRequest = sum(({ requests, bytes }) => (requests - x) * (bytes - y)) / spread
  const left = sum(({ requests, bytes }) => (bytes - y - bytesPerRequest * (requests - x)) ** 2)
  return { bytesPerRequest, error: Math.sqrt(left / (count - 2) / spread) }
}

/** Whether a slope is above the bound beyond doubt: by more than twice its error. */
export function isAbove({ bytesPerRequest, error }: Slope, boundBytes: number): boolean {
  return bytesPerRequest - 2 * error > boundBytes
}
