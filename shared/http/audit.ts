import type { Api } from '../api/operation.ts'
import type { Log } from '../telemetry/log.ts'
import type { Exchange } from './request-context.ts'

/** What the line of a request tells. */
type Line = {
  method: string
  operation: string | undefined
  status: number
  code: string | undefined
  by: string | undefined
  from: string
  durationMs: number
}

const REFUSED: readonly number[] = [401, 403, 429]

/**
 * Writes one line for each request. Where it matters for security who did it (a log-in, a log-out, a change of a
 * password, whatever a key was used for, any refusal), the line has a member `audit` that names it, and is
 * written whatever the level of the log.
 */
export function createAudit(api: Api, log: Log): (exchange: Exchange, line: Line) => void {
  const always = log.level === 'silent' ? log : log.child({}, { level: 'info' })
  return (exchange, line) => {
    const audit = nameOf(api, exchange, line)
    if (audit) always.info({ audit, outcome: outcomeOf(line.status), ...line }, 'request')
    else log.info(line, 'request')
  }
}

function nameOf(api: Api, exchange: Exchange, { operation, status }: Line): string | undefined {
  const declared = operation === undefined ? undefined : api.operations[operation]?.audit
  if (declared) return declared
  if (REFUSED.includes(status)) return 'refusal'
  return exchange.caller && 'scopes' in exchange.caller ? 'key-use' : undefined
}

function outcomeOf(status: number): 'done' | 'refused' | 'failed' {
  if (status < 400) return 'done'
  return status < 500 ? 'refused' : 'failed'
}
