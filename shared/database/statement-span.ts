import type { SpanDescription } from '../telemetry/spans.ts'

/** Statements are those of our own code; lists of several lengths make more of them, so no more are remembered. */
const STATEMENTS_MAX = 2_000
const summaries = new Map<string, string>()

const TABLE = /\b(?:from|into|update|join)\s+`?([a-z_]+)/i

/** A statement as a span: its verb and its first table, such as `SELECT orders`, and nothing else of its text. */
export function statementSpan(statement: unknown): SpanDescription {
  const text = textOf(statement)
  const summary = summaries.get(text) ?? summarised(text)
  return {
    name: summary,
    kind: 'client',
    attributes: { 'db.system.name': 'mysql', 'db.query.summary': summary },
  }
}

/** Drizzle gives an object, we a text. */
function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement
  const text: unknown = typeof statement === 'object' && statement !== null && Reflect.get(statement, 'sql')
  return typeof text === 'string' ? text : ''
}

function summarised(text: string): string {
  const verb = (/^\s*([a-z]+)/i.exec(text)?.[1] ?? 'statement').toUpperCase()
  const table = TABLE.exec(text)?.[1]
  const summary = table ? `${verb} ${table}` : verb
  if (summaries.size < STATEMENTS_MAX) summaries.set(text, summary)
  return summary
}
