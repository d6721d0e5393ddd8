import type { Entry } from '../history/history.ts'
import { type AttemptMade, type Evidence, operationsOf, startFinding, type Verdict } from './evidence.ts'
import { machineIn } from './machine.ts'

/** From so long after the last fault on everything works again, on a machine that does nothing else. */
const HEALED_WITHIN_MS = 5_000
/** So many may fail though nothing is broken; twice as many as before the first fault, and never more than one in 20. */
const BAD_SHARE = { least: 0.01, ofBaseline: 2, most: 0.05 }
/** Fewer attempts than that say nothing about one in a hundred, or of the baseline about one in 20. */
const ATTEMPTS_MIN = { calm: 100, baseline: 50 }

/**
 * C10, it comes back to life (I25): from a while after the last fault until the load ends, 99 of 100 attempts are
 * answered with what they asked for or with a plain refusal, before the client gives up waiting. The while is five
 * seconds, times how slow the machine was. What fails is compared with what failed under the same load before the
 * first fault.
 *
 * Attempts count while the machine let everything have its turn. When there were too few of them, and too many
 * failed of all, the machine was too slow to judge: neither valid nor not.
 */
export function checkLiveness({ history }: Evidence): Verdict {
  const machine = machineIn(history)
  const baseline = spanOf(history, 'run', 'baseline')
  const calmFromMs = history.find(({ process, f }) => process === 'nemesis' && f === 'calm')?.tMs ?? NEVER
  const toMs = history.find(({ process, f }) => process === 'rest' && f === 'drain')?.tMs ?? NEVER
  const slowness = machine.slowness(calmFromMs, toMs)
  const isFit = ({ invokedMs, endedMs }: AttemptMade) => machine.wasFit(invokedMs, endedMs ?? toMs)

  // What was still under way when the first fault began may have met it.
  const before = attemptsBetween(history, ...baseline).filter(
    (made) => isFit(made) && made.endedMs !== undefined && made.endedMs < baseline[1],
  )
  const calm = attemptsBetween(history, calmFromMs + HEALED_WITHIN_MS * slowness, toMs)
  const fit = calm.filter(isFit)
  const judged = fit.length >= ATTEMPTS_MIN.calm ? fit : calm
  const badMax = Math.min(
    BAD_SHARE.most,
    Math.max(BAD_SHARE.least, BAD_SHARE.ofBaseline * badShareOf(before)),
  )
  const isBad = badShareOf(judged) > badMax

  const worst = machine.worst(calmFromMs, toMs)
  const counts = {
    attempts: calm.length,
    fit: fit.length,
    answered: calm.filter(isAnswered).length,
    p99Ms: Math.round(quantile99(calm.map(({ invokedMs, endedMs }) => (endedMs ?? toMs) - invokedMs))),
    baseline: before.length,
    baselineAnswered: before.filter(isAnswered).length,
    slowness: Math.round(slowness * 10) / 10,
    worstStretch: worst['stretch'] ?? 0,
    worstFlushMs: worst['flushMs'] ?? 0,
    worstLateMs: worst['lateMs'] ?? 0,
  }
  const finder = startFinding(
    () => counts,
    () => {
      const isMachineFit = machine.wasFit(calmFromMs, toMs)
      if (calm.length < ATTEMPTS_MIN.calm) return isMachineFit ? true : 'too slow'
      return isBad && 'too slow'
    },
  )
  if (isBad && fit.length >= ATTEMPTS_MIN.calm)
    finder.broken('I25', 'too few requests succeed though nothing is broken any more', {
      attempts: fit.length,
      bad: fit.filter((made) => !isAnswered(made)).slice(0, 5),
    })
  if (before.length >= ATTEMPTS_MIN.baseline && badShareOf(before) > BAD_SHARE.most)
    finder.broken('I25', 'too few requests succeed though nothing was broken yet', {
      attempts: before.length,
      bad: before.filter((made) => !isAnswered(made)).slice(0, 5),
    })
  return finder.verdict()
}

const NEVER = Number.POSITIVE_INFINITY

/** From when to when something went on; nothing at all when it is not in the history. */
function spanOf(history: readonly Entry[], process: string, f: string): [fromMs: number, toMs: number] {
  const entries = history.filter((entry) => entry.process === process && entry.f === f)
  return [entries[0]?.tMs ?? NEVER, entries[1]?.tMs ?? NEVER]
}

/** What was sent in a while. */
function attemptsBetween(history: readonly Entry[], fromMs: number, toMs: number): AttemptMade[] {
  return operationsOf(history)
    .flatMap(({ attempts }) => attempts)
    .filter(({ invokedMs }) => invokedMs >= fromMs && invokedMs < toMs)
}

function badShareOf(attempts: readonly AttemptMade[]): number {
  if (attempts.length === 0) return 0
  return attempts.filter((made) => !isAnswered(made)).length / attempts.length
}

/** The second of two clicks is told that the first is in hand: that is an answer, though not yet an outcome. */
function isAnswered({ type, value }: AttemptMade): boolean {
  return type !== 'info' || value['code'] === 'idempotency-key-in-use'
}

function quantile99(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.99)] ?? 0
}
