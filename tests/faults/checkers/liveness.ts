import { type Evidence, operationsOf, startFinding, type Verdict } from './evidence.ts'

/** From so long after the last fault on everything works again. */
const HEALED_WITHIN_MS = 5_000
const SUCCESS_MIN = 0.99
/** Fewer attempts than that say nothing about one in a hundred. */
const ATTEMPTS_MIN = 100

/**
 * C10, it comes back to life (I25): from five seconds after the last fault until the load ends, 99 of 100
 * attempts are answered with what they asked for or with a plain refusal, before the client gives up waiting. How
 * long exactly they took is a figure of the run, not a verdict: it is the machine's as much as ours.
 */
export function checkLiveness({ history }: Evidence): Verdict {
  const calm = history.find(({ process, f }) => process === 'nemesis' && f === 'calm')
  const end = history.find(({ process, f }) => process === 'rest' && f === 'drain')
  const fromMs = (calm?.tMs ?? Number.POSITIVE_INFINITY) + HEALED_WITHIN_MS
  const toMs = end?.tMs ?? Number.POSITIVE_INFINITY
  const attempts = operationsOf(history)
    .flatMap((operation) => operation.attempts.map((made) => ({ ...made, f: operation.f })))
    .filter(({ invokedMs }) => invokedMs >= fromMs && invokedMs < toMs)
  const good = attempts.filter(({ type, value }) => type !== 'info' || isBusy(value))
  const times = attempts
    .map(({ invokedMs, endedMs }) => (endedMs ?? Number.POSITIVE_INFINITY) - invokedMs)
    .sort((one, other) => one - other)
  const p99Ms = times[Math.floor(times.length * 0.99)] ?? 0
  const finder = startFinding(
    () => ({ attempts: attempts.length, answered: good.length, p99Ms: Math.round(p99Ms) }),
    () => attempts.length < ATTEMPTS_MIN,
  )
  if (attempts.length >= ATTEMPTS_MIN) {
    if (good.length < SUCCESS_MIN * attempts.length)
      finder.broken('I25', 'too few requests succeed though nothing is broken any more', {
        attempts: attempts.length,
        bad: attempts.filter((made) => !good.includes(made)).slice(0, 5),
      })
  }
  return finder.verdict()
}

/** The second of two clicks is told that the first is in hand: that is an answer, though not yet an outcome. */
function isBusy(value: Record<string, unknown>): boolean {
  return value['code'] === 'idempotency-key-in-use'
}
