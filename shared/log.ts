import { type DestinationStream, type Logger, pino } from 'pino'
import { currentTrace } from './trace.ts'

/** The structured log of one service: JSON lines. */
export type Log = Logger

/**
 * Opens the log of a service. Every line carries the service's name and, inside a request or a message, its
 * request id and trace id, so that one buyer's action can be followed through all four services. It is written
 * to standard output unless a test wants to read it, and at once: what is still being written when a process exits
 * is lost, and the last line is the one that says why it exits.
 */
export function createLog(
  options: { service: string; level: string },
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Log {
  const how = {
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: () => {
      const trace = currentTrace()
      return trace ? { requestId: trace.requestId, traceId: trace.traceparent.split('-')[1] } : {}
    },
    serializers: { error: describeError, err: describeError },
    redact: { paths: ['*.password', '*.token', '*.apiKey', '*.session'], censor: '[redacted]' },
  }
  return pino(how, destination)
}

/**
 * What of an error may be written down: its kind, its code and where it arose, with its causes. Never the
 * message of a database driver, which holds the statement and its parameters (an e-mail, a hash).
 */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error }
  const described: Record<string, unknown> = { kind: error.name }
  for (const key of ['code', 'errno', 'sqlState', 'dependency', 'status']) {
    const value: unknown = Reflect.get(error, key)
    if (typeof value === 'string' || typeof value === 'number') described[key] = value
  }
  const fromDriver = 'sql' in error || 'query' in error || 'sqlMessage' in error
  if (!fromDriver)
    described['message'] = error.message.replaceAll(/\/\/[^/@\s]*@/g, '//[redacted]@').slice(0, 500)
  if (!fromDriver)
    described['stack'] = error.stack
      ?.split('\n')
      .slice(1, 9)
      .map((line) => line.trim())
  if (error.cause !== undefined && depth < 3) described['cause'] = describeError(error.cause, depth + 1)
  return described
}
