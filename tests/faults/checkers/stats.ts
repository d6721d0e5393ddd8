import { type Evidence, groupBy, operationsOf, startFinding, type Verdict } from './evidence.ts'
import { machineIn } from './machine.ts'

/** What a run must have done with success to say anything. */
export const KINDS = [
  'sign-up',
  'log-in',
  'log-out',
  'offer',
  'adjust',
  'place',
  'pay',
  'cancel',
  'ship',
  'deliver',
  'read-order',
  'read-history',
  'read-product',
  'list-orders',
]
/** What is asked once and never again, because no answer to it matters but one that must never come. */
const PROBES = ['use-ended', 'use-forged', 'log-in-wrongly']
/** What is left without an outcome is what the checkers have to leave open: hardly any. */
const UNKNOWN_MAX = 0.001

/**
 * C12, whether the run says anything: every kind of operation succeeded, and hardly any outcome is unknown. A machine that
 * was too slow for most of the run is why not.
 */
export function checkStats({ history }: Evidence): Verdict {
  const operations = operationsOf(history)
  const kinds = groupBy(operations, ({ f }) => f)
  const succeeded = (f: string) => kinds.get(f)?.some(({ outcome }) => outcome === 'ok') ?? false
  const counts: Record<string, number> = { operations: operations.length }
  for (const [f, all] of kinds) {
    for (const outcome of ['ok', 'fail', 'info'] as const) {
      const count = all.filter((operation) => operation.outcome === outcome).length
      if (count > 0) counts[`${f} ${outcome}`] = count
    }
  }
  const lasting = operations.filter(({ f }) => !PROBES.includes(f))
  const unknown = lasting.filter(({ outcome, f, answer }) => outcome === 'info' && !isEnded(f, answer)).length
  counts['unknown'] = unknown
  const isUnknown = KINDS.some((f) => !succeeded(f)) || unknown > UNKNOWN_MAX * lasting.length
  return startFinding(
    () => counts,
    () => isUnknown && (machineIn(history).wasMostlyFit() || 'too slow'),
  ).verdict()
}

/** A session that is not known any more has ended, by whichever of the attempts to end it. */
function isEnded(f: string, answer: Record<string, unknown>): boolean {
  return f === 'log-out' && answer['status'] === 401
}
