import { Elysia } from 'elysia'
import type { Api } from '../api/operation.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { currentExchange, type Exchange } from './request-context.ts'

/** The content of a request's log line. */
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

/** Times each request and writes its line once it is answered. */
export function requestLine(api: Api, { log, metrics }: { log: Log; metrics: Metrics }) {
  const audit = createAudit(api, log)
  return new Elysia({ name: 'request-line' }).onAfterResponse(
    { as: 'global' },
    ({ request, set, response }) => {
      const exchange = currentExchange()
      const answered = response instanceof Response ? response.status : Number(set.status ?? 200)
      const { operation, caller, code, status = answered } = exchange
      const durationMs = performance.now() - exchange.startedAt
      metrics.requestSeconds.observe({ operation: operation ?? 'none', status }, durationMs / 1000)
      if (!operation && status < 400) return
      const by = caller && ('caller' in caller ? caller.caller : caller.userId)
      audit(exchange, {
        method: request.method,
        operation,
        status,
        code,
        by: by ?? exchange.subject,
        from: exchange.address,
        durationMs: Math.round(durationMs * 10) / 10,
      })
    },
  )
}

/**
 * Writes one line for each request. If it matters for security who made the request (log-ins, log-outs, password
 * changes, any use of a key, any refusal), the line has a member `audit` and is written whatever the log level.
 */
function createAudit(api: Api, log: Log): (exchange: Exchange, line: Line) => void {
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
