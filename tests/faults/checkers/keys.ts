import { type Evidence, isSettling, operationsOf, startFinding, type Verdict } from './evidence.ts'

const KEYED = ['place', 'pay', 'cancel', 'offer', 'adjust']

/**
 * C7, one key, one answer (I13): whatever is answered to a request under an Idempotency-Key once it is settled is
 * answered again, the same in every byte but the id of the request, and marked as a repetition.
 */
export function checkKeys({ history }: Evidence): Verdict {
  const counts = { keys: 0, repeated: 0 }
  const finder = startFinding(
    () => counts,
    () => counts.repeated === 0,
  )
  for (const { f, key, attempts } of operationsOf(history)) {
    if (!KEYED.includes(f)) continue
    counts.keys += 1
    const settled = attempts.filter(isSettling)
    const [first, ...again] = settled
    if (!first || again.length === 0) continue
    counts.repeated += 1
    const different = again.find(({ value }) => value['fingerprint'] !== first.value['fingerprint'])
    if (different)
      finder.broken('I13', `two answers to one ${f}`, { key, first: first.value, other: different.value })
    const firstEndedMs = first.endedMs ?? Number.POSITIVE_INFINITY
    const unmarked = again.find(
      ({ invokedMs, value }) => invokedMs > firstEndedMs && value['replayed'] !== true,
    )
    if (unmarked && isKept(first.value))
      finder.broken('I13', `a ${f} was done again and not repeated`, { key, answer: unmarked.value })
  }
  return finder.verdict()
}

/** Successes and refusals for the state of things are kept; what was not even understood is refused anew. */
function isKept(value: Record<string, unknown>): boolean {
  const status = Number(value['status'])
  return status < 300 || status === 409
}
