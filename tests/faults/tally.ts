import { membersOf } from './checkers/evidence.ts'
import type { Entry, History } from './history/history.ts'
import type { Nemesis } from './nemesis/nemesis.ts'

/** What is counted of a history while it is written. */
export type Tally = {
  history: History
  startedAt: number
  /** How many orders were placed, as their buyers know. */
  orders: () => number
  /** How many requests were answered, or given up. */
  attempts: () => number
  /** How many of those got nothing of what they asked for, nor a plain refusal. */
  unanswered: () => number
  /** How many succeeded. */
  successes: () => number
  /** What succeeded at least once. */
  kinds: ReadonlySet<string>
  /** How many reads found something wrong. */
  violations: () => number
}

/** A history that is counted on its way into the file. */
export function tallyOf(history: History): Tally {
  const placed = new Set<string>()
  const kinds = new Set<string>()
  let attempts = 0
  let unanswered = 0
  let successes = 0
  let violations = 0
  return {
    history: {
      ...history,
      add(entry) {
        if (isOrder(entry)) placed.add(entry.key)
        if (entry.attempt !== undefined && entry.type !== 'invoke') {
          attempts++
          if (entry.type === 'ok') {
            successes++
            kinds.add(entry.f)
          }
          if (entry.type === 'info' && membersOf(entry.value)['code'] !== 'idempotency-key-in-use')
            unanswered++
        }
        if (entry.process === 'watch' && entry.type === 'fail') violations++
        history.add(entry)
      },
    },
    startedAt: performance.now(),
    orders: () => placed.size,
    attempts: () => attempts,
    unanswered: () => unanswered,
    successes: () => successes,
    kinds,
    violations: () => violations,
  }
}

function isOrder({ f, type, value }: Omit<Entry, 'tMs'>): boolean {
  if (f !== 'place' || type !== 'ok' || typeof value !== 'object' || value === null) return false
  return Reflect.get(value, 'status') === 201
}

/** One line for a person who watches. */
export function showTally(tally: Tally, nemesis: Nemesis): string {
  const seconds = Math.round((performance.now() - tally.startedAt) / 1_000)
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  const present = nemesis.present()
  const now = present.length > 0 ? ` · now: ${present.join('; ')}` : ''
  return `${time} · ${tally.orders()} orders · ${nemesis.injected()} faults · ${tally.violations()} violations${now}`
}
