import type { Result } from './measure.ts'

/** The head of the table of results. */
export function headings(hasOther: boolean): string[] {
  return [
    '',
    'per second',
    'p50 / p99 ms',
    'refused',
    'CPU µs',
    'to the ceiling',
    ...(hasOther ? ['other per second', 'CPU µs', 'new/old', 'CPU new/old'] : []),
    'the ceiling is',
  ]
}

/** One line of it. */
export function row({ name, bazaar, ceiling, ratio, other, ceilingIs }: Result): string[] {
  return [
    name,
    bazaar.perSecond.toFixed(0),
    `${bazaar.p50Ms.toFixed(1)} / ${bazaar.p99Ms.toFixed(1)}`,
    `${(100 * bazaar.refused).toFixed(1)} %`,
    bazaar.cpuMicros.toFixed(0),
    ratio.toFixed(2),
    ...(other
      ? [
          other.perSecond.toFixed(0),
          other.cpuMicros.toFixed(0),
          other.ratio.toFixed(2),
          other.cpuRatio.toFixed(2),
        ]
      : []),
    `${ceilingIs}: ${ceiling.perSecond.toFixed(0)} per second${
      ceiling.cpuMicros > 0 ? `, CPU ${ceiling.cpuMicros.toFixed(0)} µs` : ''
    }`,
  ]
}

/** What one operation of each row costs each process of Bazaar, in microseconds of CPU. */
export function costs(results: readonly Result[]): string[][] {
  const names = Object.keys(results[0]?.bazaar.cpuMicrosOf ?? {})
  return [
    ['CPU µs of', ...names],
    ...results.map(({ name, bazaar }) => [
      name,
      ...names.map((one) => (bazaar.cpuMicrosOf[one] ?? 0).toFixed(0)),
    ]),
  ]
}
