import { checkAnswers } from './checkers/answers.ts'
import { checkBank } from './checkers/bank.ts'
import { checkDrain } from './checkers/drain.ts'
import type { Evidence, Valid, Verdict } from './checkers/evidence.ts'
import { checkJoin } from './checkers/join.ts'
import { checkKeys } from './checkers/keys.ts'
import { checkLiveness } from './checkers/liveness.ts'
import { checkMoney } from './checkers/money.ts'
import { checkOrders } from './checkers/orders.ts'
import { checkProcesses } from './checkers/processes.ts'
import { checkReleases } from './checkers/releases.ts'
import { checkSessions } from './checkers/sessions.ts'
import { checkStates } from './checkers/states.ts'
import { checkStats } from './checkers/stats.ts'
import { checkStock } from './checkers/stock.ts'

/** Every checker, by what it is called in the results. */
export const CHECKERS = {
  bank: checkBank,
  orders: checkOrders,
  releases: checkReleases,
  states: checkStates,
  stock: checkStock,
  join: checkJoin,
  keys: checkKeys,
  sessions: checkSessions,
  drain: checkDrain,
  liveness: checkLiveness,
  processes: checkProcesses,
  answers: checkAnswers,
  money: checkMoney,
  stats: checkStats,
} as const satisfies Record<string, (evidence: Evidence) => Verdict>

/** What all checkers found. */
export type Judgement = {
  valid: Valid
  verdicts: Record<keyof typeof CHECKERS, Verdict>
}

/** Has every checker look at a run. It is valid when all say so; what is worst of what they say counts. */
export function judge(evidence: Evidence): Judgement {
  const entries = Object.entries(CHECKERS).map(([name, check]) => [name, check(evidence)] as const)
  const all = entries.map(([, verdict]) => verdict.valid)
  const worst: readonly Valid[] = [false, 'unknown', 'too slow']
  const valid = worst.find((one) => all.includes(one)) ?? true
  // One verdict for each checker.
  return { valid, verdicts: Object.fromEntries(entries) as Judgement['verdicts'] }
}
