import type { Sent } from './record.ts'

/** Statements of one transaction, from its start to its end, or a single one that commits by itself. */
export type Transaction = { service: string; trace: string | undefined; startedAt: number; sent: Sent[] }

/** What a new connection is told before it is used: it may be sent at any time, or not at all. */
const SETTING_UP = /^\s*set session\b/i

/** The transactions in which statements were sent, in the order in which they began. Unfinished ones are left out. */
export function transactionsOf(sent: readonly Sent[]): Transaction[] {
  const open = new Map<string, Transaction>()
  const all: Transaction[] = []
  for (const one of sent) {
    if (SETTING_UP.test(one.statement)) continue
    const { service, connection, trace, at, statement } = one
    const key = `${service} ${connection}`
    const current = open.get(key) ?? { service, trace, startedAt: at, sent: [] }
    current.sent.push(one)
    if (statement === 'start transaction') open.set(key, current)
    else if (statement === 'commit' || statement === 'rollback') open.delete(key)
    if (!open.has(key)) all.push(current)
  }
  return all.toSorted((one, other) => one.startedAt - other.startedAt)
}

/** Whether a transaction says the id of something. */
export function mentions(transaction: Transaction, id: string): boolean {
  return has(transaction, new RegExp(`x'${id.replaceAll('-', '')}'`, 'i'))
}

/** Whether one of the statements is of this form. */
export function has({ sent }: Transaction, form: RegExp): boolean {
  return sent.some(({ statement }) => form.test(statement))
}

/** Whether something is committed: a transaction, or a statement by itself that is no mere read. */
export function commits(transaction: Transaction): boolean {
  return has(transaction, /^\s*(commit|insert|update|delete)\b/i)
}

/** Whether a transaction is the look-up of an API key. */
export function looksUpKey(transaction: Transaction): boolean {
  return has(transaction, /`api_keys`/)
}

/** A statement in few words: what it does to which tables. */
export function inShort(statement: string): string {
  const text = statement.trim().replaceAll('`', '')
  const tables = [...text.matchAll(/\b(?:from|join)\s+(\w+)/gi)].map(([, name = '']) => name)
  const named = [...new Set(tables.filter((name) => name !== 'select'))].join(', ')
  if (/^select/i.test(text)) return `select ${named}${/for update/i.test(text) ? ' for update' : ''}`
  const [, ignore = '', into] = /^insert\s+(ignore\s+)?into\s+(\w+)/i.exec(text) ?? []
  if (into)
    return `insert ${ignore}${into}${/on duplicate key/i.test(text) ? ' on duplicate key update' : ''}`
  const [, changed] = /^update\s+(\w+)/i.exec(text) ?? []
  return changed ? `update ${changed}` : text
}
