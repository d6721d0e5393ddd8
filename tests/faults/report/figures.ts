import { type AttemptMade, type Operation, operationsOf } from '../checkers/evidence.ts'
import type { Entry } from '../history/history.ts'

/** A fault that was on for a while. */
export type Fault = { kind: string; key: string; beganMs: number; healedMs: number }

/** One attempt with what it was for. */
export type Sample = AttemptMade & { f: string }

/** How long one kind of operation took, in milliseconds. */
export type Latency = { f: string; count: number; p50: number; p99: number; max: number }

/** The numbers of a run that are worth a line. */
export type Figures = {
  beganMs: number
  endedMs: number
  faults: Fault[]
  samples: Sample[]
  latencies: Latency[]
  /** How many there were of what. */
  totals: Record<
    'faults' | 'operations' | 'attempts' | 'orders' | 'cancels' | 'bankReads' | 'sessionsTried',
    number
  >
}

/** Works out the figures of a run. */
export function figuresOf(history: readonly Entry[]): Figures {
  const operations = operationsOf(history)
  const samples = operations.flatMap(({ f, attempts }) => attempts.map((made) => ({ ...made, f })))
  const times = samples.map(({ invokedMs }) => invokedMs)
  const beganMs = times.reduce((least, ms) => Math.min(least, ms), Number.POSITIVE_INFINITY)
  const endedMs = times.reduce((most, ms) => Math.max(most, ms), 0)
  const faults = faultsOf(history, endedMs)
  const count = (f: string, outcome: Operation['outcome']) =>
    operations.filter((operation) => operation.f === f && operation.outcome === outcome).length
  return {
    beganMs,
    endedMs,
    faults,
    samples,
    latencies: latenciesOf(samples),
    totals: {
      faults: faults.length,
      operations: operations.length,
      attempts: samples.length,
      orders: count('place', 'ok'),
      cancels: count('cancel', 'ok'),
      bankReads: history.filter(({ process, type }) => process === 'watch' && type === 'ok').length,
      sessionsTried: operations.filter(({ f }) => f === 'use-ended').length,
    },
  }
}

/** The faults of a run, the earliest first. `fail` says that one did not come about; one never healed lasts on. */
export function faultsOf(history: readonly Entry[], endedMs: number): Fault[] {
  const faults = new Map<string, Fault>()
  for (const { process, f, key, type, tMs } of history) {
    if (process !== 'nemesis' || f === 'calm') continue
    const fault = faults.get(key)
    if (type === 'invoke') faults.set(key, { kind: f, key, beganMs: tMs, healedMs: endedMs })
    else if (type === 'fail') faults.delete(key)
    else if (fault) fault.healedMs = tMs
  }
  return [...faults.values()]
}

function latenciesOf(samples: readonly Sample[]): Latency[] {
  const kinds = [...new Set(samples.map(({ f }) => f))]
  return kinds.map((f) => {
    const times = samples
      .filter((sample) => sample.f === f && sample.type !== 'info')
      .map(({ invokedMs, endedMs }) => (endedMs ?? invokedMs) - invokedMs)
    return {
      f,
      count: times.length,
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      max: quantile(times, 1),
    }
  })
}

/** The value below which this share of the values lies; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
