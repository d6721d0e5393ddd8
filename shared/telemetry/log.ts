import { type DestinationStream, type LogFn, type Logger, pino } from 'pino'
import { withoutSecrets } from './log-fields.ts'
import { standardOutput } from './log-output.ts'
import { scrubbed } from './redact.ts'
import { currentTrace } from './trace.ts'

/** The structured log of one service: JSON lines. */
export type Log = Logger

/**
 * Opens the log of a service. Every line has the service's name and, inside a request or a message, its request id
 * and trace id, so that one buyer's action can be followed through all four services. It goes to standard output
 * unless a test wants to read it.
 */
export function createLog(
  options: { service: string; level: string },
  destination: DestinationStream = standardOutput(),
): Log {
  const how = {
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: withoutSecrets },
    mixin: () => {
      const trace = currentTrace()
      return trace ? { requestId: trace.requestId, traceId: trace.traceparent.split('-')[1] } : {}
    },
    // The library would log the message of an error given by itself, or under this name.
    errorKey: 'pino-error',
    hooks: {
      streamWrite: withoutControls,
      logMethod(this: Logger, args: Parameters<LogFn>, method: LogFn) {
        const [first, ...rest] = args.map((one: unknown) => (typeof one === 'string' ? scrubbed(one) : one))
        method.call(this, first instanceof Error ? { error: first } : first, ...(rest as []))
      },
    },
  }
  return pino(how, destination)
}

/** The line without characters that a terminal obeys or that some readers take for a line end; JSON allows them. */
function withoutControls(line: string): string {
  return line.replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
