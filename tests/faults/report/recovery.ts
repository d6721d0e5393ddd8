import { groupBy } from '../checkers/evidence.ts'
import { type Fault, type Figures, quantile, type Sample } from './figures.ts'

/**
 * How long it took after faults of one kind until things worked again, in milliseconds. `alone` are the faults at
 * whose end nothing else was broken, and after which nothing was for a while: only they tell what the recovery from
 * this one takes. To the others other faults were added.
 */
export type Recovery = {
  kind: string
  faults: number
  alone: number
  /** To the first success of any operation, over all. */
  anyMs: Spread
  /** To the first order placed, over those alone. */
  orderMs: Spread
  /** To the moment from which on 99 of 100 attempts are answered, over those alone. */
  mostMs: Spread
}

/** How a time is spread over the faults of a kind. */
export type Spread = { p50: number; p99: number; max: number }

/** What is done after a fault needs that long to be seen. */
const SEEN_FOR_MS = 1_500
/** No recovery is looked for longer. */
const LOOK_MS = 30_000
const SUCCESS_MIN = 0.99

/** Measures the recovery after each kind of fault; steps and directions of one kind are taken together. */
export function recoveriesOf(figures: Figures): Recovery[] {
  const samples = figures.samples.toSorted((one, other) => one.invokedMs - other.invokedMs)
  const kinds = groupBy(figures.faults, (fault) => kindOf(fault.kind))
  return [...kinds]
    .map(([kind, faults]) => recoveryOf(kind, faults, figures, samples))
    .sort((one, other) => (one.kind < other.kind ? -1 : 1))
}

/** What a fault is, without at which step or in which direction. */
export function kindOf(name: string): string {
  return name.replace(/ at \S+\.\S+$| \([^)]*\)$/, '')
}

function recoveryOf(
  kind: string,
  faults: readonly Fault[],
  figures: Figures,
  samples: readonly Sample[],
): Recovery {
  const any: number[] = []
  const order: number[] = []
  const most: number[] = []
  let alone = 0
  for (const fault of faults) {
    const fromMs = fault.healedMs
    const near = samples.slice(indexOf(samples, fromMs - LOOK_MS), indexOf(samples, fromMs + LOOK_MS))
    any.push(firstOf(near, fromMs) ?? LOOK_MS)
    const toMs = undisturbedUntil(fault, figures)
    if (toMs === undefined) continue
    alone += 1
    const before = near.filter(({ invokedMs }) => invokedMs < toMs)
    order.push(
      firstOf(
        before.filter(({ f }) => f === 'place'),
        fromMs,
      ) ?? toMs - fromMs,
    )
    most.push(
      settledMs(
        // What was still on its way when the next fault began tells of that one.
        before.filter(({ invokedMs, endedMs }) => invokedMs >= fromMs && (endedMs ?? toMs) < toMs),
        fromMs,
      ),
    )
  }
  return {
    kind,
    faults: faults.length,
    alone,
    anyMs: spread(any),
    orderMs: spread(order),
    mostMs: spread(most),
  }
}

/** Until when nothing else was broken; undefined when something was at once, or too soon to see anything. */
function undisturbedUntil(fault: Fault, { faults, endedMs }: Figures): number | undefined {
  const fromMs = fault.healedMs
  let toMs = Math.min(endedMs, fromMs + LOOK_MS)
  for (const other of faults) {
    if (other === fault || other.healedMs <= fromMs) continue
    if (other.beganMs <= fromMs) return undefined
    toMs = Math.min(toMs, other.beganMs)
  }
  return toMs - fromMs < SEEN_FOR_MS ? undefined : toMs
}

/** How long after a moment something succeeded for the first time. */
function firstOf(samples: readonly Sample[], fromMs: number): number | undefined {
  const ends = samples.flatMap(({ type, endedMs }) =>
    type === 'ok' && endedMs !== undefined ? [endedMs] : [],
  )
  const after = ends.filter((endedMs) => endedMs >= fromMs)
  return after.length === 0 ? undefined : Math.min(...after) - fromMs
}

function spread(values: readonly number[]): Spread {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99), max: quantile(values, 1) }
}

/** Where in the samples, which are in the order of their sending, those of this moment begin. */
function indexOf(samples: readonly Sample[], atMs: number): number {
  let [low, high] = [0, samples.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((samples[middle]?.invokedMs ?? atMs) < atMs) low = middle + 1
    else high = middle
  }
  return low
}

/** When the last failure was sent after which hardly any follows. */
function settledMs(sent: readonly Sample[], fromMs: number): number {
  let bad = 0
  let settled = 0
  for (const [index, { type, value, invokedMs }] of [...sent.entries()].toReversed()) {
    if (type === 'info' && value['code'] !== 'idempotency-key-in-use') bad += 1
    if (bad > (1 - SUCCESS_MIN) * (sent.length - index)) {
      settled = invokedMs - fromMs
      break
    }
  }
  return settled
}
