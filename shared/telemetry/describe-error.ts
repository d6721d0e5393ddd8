import { scrubbed } from './redact.ts'

/**
 * The parts of an error that may be written down: its kind, its code and the place where it arose, with its causes.
 * Never the message of a database driver, which contains the statement and its parameters (an e-mail, a hash).
 */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error }
  const described: Record<string, unknown> = { kind: error.name }
  for (const key of ['code', 'errno', 'sqlState', 'dependency', 'status']) {
    const value: unknown = Reflect.get(error, key)
    if (typeof value === 'string' || typeof value === 'number') described[key] = value
  }
  const fromDriver = 'sql' in error || 'query' in error || 'sqlMessage' in error
  if (!fromDriver) described['message'] = scrubbed(error.message).slice(0, 500)
  if (!fromDriver)
    described['stack'] = error.stack
      ?.split('\n')
      // The lines of a long message appear here, too.
      .filter((line) => /^\s*at /.test(line))
      .slice(0, 8)
      .map((line) => line.trim())
  if (error.cause !== undefined && depth < 3) described['cause'] = describeError(error.cause, depth + 1)
  return described
}
