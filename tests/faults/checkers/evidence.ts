import type { Entry, Outcome } from '../history/history.ts'
import type { Rows } from '../history/rows.ts'

/** Everything that a run left behind for the checkers: they look at nothing else. */
export type Evidence = { history: readonly Entry[]; rows: Rows; logFindings: readonly LogFinding[] }

/** Something in a log that must never be in one. */
export type LogFinding = { file: string; what: string; line: number }

/** One way in which a run broke what must be true. */
export type Violation = { invariant: string; what: string; detail: unknown }

/**
 * Whether what must be true was kept or broken; `unknown` when the run says nothing about it, and `too slow` when the
 * machine was too slow to tell. Only what must happen in time can be too slow: what must never happen is broken on
 * any machine.
 */
export type Valid = boolean | 'unknown' | 'too slow'

/** What a checker found. */
export type Verdict = {
  valid: Valid
  /** The first ones, the worst of which is the first. */
  violations: Violation[]
  violationsCount: number
  /** How much was looked at. */
  counts: Record<string, number>
}

/** One attempt at an operation: when it was sent, when it ended, how, and what is known of the answer. */
export type AttemptMade = {
  invokedMs: number
  endedMs: number | undefined
  type: Outcome
  value: Record<string, unknown>
}

/** Something a client wanted done, with all attempts at it. */
export type Operation = {
  process: string
  f: string
  key: string
  asked: Record<string, unknown>
  attempts: AttemptMade[]
  outcome: Outcome
  /** The answer that settled it, or the last one. */
  answer: Record<string, unknown>
}

/** What was there before a checker began: violations to be, and counts. */
export type Finder = {
  broken: (invariant: string, what: string, detail: unknown) => void
  verdict: () => Verdict
}

const VIOLATIONS_SHOWN = 20

/**
 * Collects violations. `counts` says how much there was to look at, and `isUnknown` whether that was too little: nothing
 * at all proves nothing.
 */
export function startFinding(
  counts: () => Record<string, number>,
  isUnknown: () => boolean | 'too slow' = () => false,
): Finder {
  const violations: Violation[] = []
  let count = 0
  return {
    broken(invariant, what, detail) {
      count += 1
      if (violations.length < VIOLATIONS_SHOWN) violations.push({ invariant, what, detail })
    },
    verdict: () => ({
      valid: count > 0 ? false : withoutViolation(isUnknown()),
      violations,
      violationsCount: count,
      counts: counts(),
    }),
  }
}

function withoutViolation(unknown: boolean | 'too slow'): Valid {
  if (unknown === 'too slow') return unknown
  return unknown ? 'unknown' : true
}

/** Half a million lines are put together once, not once for each checker. */
const known = new WeakMap<readonly Entry[], readonly Operation[]>()

/** The operations of the clients in a history, in the order of their beginning. */
export function operationsOf(history: readonly Entry[]): readonly Operation[] {
  const operations = known.get(history) ?? putTogether(history)
  known.set(history, operations)
  return operations
}

function putTogether(history: readonly Entry[]): Operation[] {
  const operations = new Map<string, Operation>()
  const open = new Map<string, AttemptMade>()
  for (const { process, f, key, attempt, type, tMs, value } of history) {
    if (attempt === undefined) continue
    const members = membersOf(value)
    const id = `${f} ${key}`
    if (type === 'invoke') {
      const made: AttemptMade = { invokedMs: tMs, endedMs: undefined, type: 'info', value: {} }
      const operation = operations.get(id) ?? newOperation({ process, f, key, asked: members })
      operation.attempts.push(made)
      operations.set(id, operation)
      open.set(`${id} ${attempt}`, made)
    } else {
      const made = open.get(`${id} ${attempt}`)
      if (made) Object.assign(made, { endedMs: tMs, type, value: members })
    }
  }
  for (const operation of operations.values()) Object.assign(operation, outcomeOf(operation.attempts))
  return [...operations.values()]
}

function newOperation(known: Pick<Operation, 'process' | 'f' | 'key' | 'asked'>): Operation {
  return { ...known, attempts: [], outcome: 'info', answer: {} }
}

/**
 * What became of an operation over all its attempts. A refusal that any later attempt may not meet (too many
 * requests, nobody logged in, nobody listening) says nothing about the attempts before it.
 */
function outcomeOf(attempts: readonly AttemptMade[]): Pick<Operation, 'outcome' | 'answer'> {
  const settled = attempts.find(isSettling)
  if (settled) return { outcome: settled.type, answer: settled.value }
  const nothingDone = attempts.every(({ type }) => type === 'fail')
  return { outcome: nothingDone ? 'fail' : 'info', answer: attempts.at(-1)?.value ?? {} }
}

/** Whether an answer says what became of the whole operation. */
export function isSettling({ type, value }: AttemptMade): boolean {
  const status = value['status']
  if (type === 'ok') return status !== 202
  return type === 'fail' && status !== 401 && status !== 429 && status !== 'refused'
}

/** The members of a JSON object; of anything else there are none. */
export function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** The lines of an order as a client asked for it. */
export function linesOf(value: unknown): { productId: string; quantity: number }[] {
  if (!Array.isArray(value)) return []
  return value.map((line: unknown) => {
    const { productId, quantity } = membersOf(line)
    return { productId: String(productId), quantity: Number(quantity) }
  })
}

/** The items by what they belong to. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** The sum of a number over all items. */
export function sumOf<T>(items: readonly T[], numberOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + numberOf(item), 0)
}
