import { groupBy } from '../checkers/evidence.ts'
import { type Fault, type Figures, quantile, type Sample } from './figures.ts'

/** How long it took after faults of one kind until things worked again, in milliseconds. */
export type Recovery = {
  kind: string
  /** How many there were, and after how many of them it could be seen: the next one must not come too soon. */
  faults: number
  seen: number
  /** To the first success of any operation, and of placing an order. */
  firstMs: Spread
  firstOrderMs: Spread
  /** To the moment from which on 99 of 100 attempts are answered. */
  mostMs: Spread
}

/** How a time is spread over the faults of a kind. */
export type Spread = { p50: number; p99: number; max: number }

/** What is done after a fault needs that long to be seen. */
const SEEN_FOR_MS = 1_500
/** No recovery is looked for longer. */
const LOOK_MS = 30_000
const SUCCESS_MIN = 0.99

/** Measures the recovery after each kind of fault. */
export function recoveriesOf(figures: Figures): Recovery[] {
  const samples = figures.samples.toSorted((one, other) => one.invokedMs - other.invokedMs)
  const kinds = groupBy(figures.faults, (fault) => fault.kind)
  return [...kinds].map(([kind, faults]) => {
    const times = faults.flatMap((fault) => recoveryOf(fault, figures, samples) ?? [])
    const spread = (values: readonly number[]): Spread => ({
      p50: quantile(values, 0.5),
      p99: quantile(values, 0.99),
      max: quantile(values, 1),
    })
    return {
      kind,
      faults: faults.length,
      seen: times.length,
      firstMs: spread(times.map((time) => time.firstMs)),
      firstOrderMs: spread(times.flatMap((time) => time.firstOrderMs ?? [])),
      mostMs: spread(times.map((time) => time.mostMs)),
    }
  })
}

type Times = { firstMs: number; firstOrderMs: number | undefined; mostMs: number }

/** Undefined when another fault was on, or came before anything could be seen. */
function recoveryOf(
  fault: Fault,
  { faults, endedMs }: Figures,
  samples: readonly Sample[],
): Times | undefined {
  const fromMs = fault.healedMs
  const others = faults.filter((other) => other !== fault)
  if (others.some((other) => other.beganMs <= fromMs && other.healedMs > fromMs)) return undefined
  const next = Math.min(endedMs, ...others.flatMap(({ beganMs }) => (beganMs > fromMs ? [beganMs] : [])))
  const toMs = Math.min(next, fromMs + LOOK_MS)
  if (toMs - fromMs < SEEN_FOR_MS) return undefined

  const near = samples.slice(indexOf(samples, fromMs - LOOK_MS), indexOf(samples, toMs))
  const ended = near.filter(
    ({ type, endedMs: at }) => type === 'ok' && at !== undefined && at >= fromMs && at < toMs,
  )
  const first = (all: readonly Sample[]) =>
    all.length === 0 ? undefined : Math.min(...all.map((made) => made.endedMs ?? toMs)) - fromMs
  const sent = near.filter(({ invokedMs }) => invokedMs >= fromMs)
  return {
    firstMs: first(ended) ?? toMs - fromMs,
    firstOrderMs: first(ended.filter(({ f }) => f === 'place')),
    mostMs: settledMs(sent, fromMs),
  }
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
