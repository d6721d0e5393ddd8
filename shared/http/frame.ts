import { Elysia, NotFoundError } from 'elysia'
import type { Api } from '../api/operation.ts'
import { DomainError } from '../problem.ts'
import { type Health, healthRoutes } from '../telemetry/health.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { withTrace } from '../telemetry/trace.ts'
import { createAudit } from './audit.ts'
import { clientAddressBehind } from './client-address.ts'
import { corsHeaders, isPreflight } from './cors.ts'
import { docsPage } from './docs/page.ts'
import { addressOf, giveTime } from './listen.ts'
import { type PrivatePages, refusePrivatePage } from './private-pages.ts'
import { problemAnswer, toProblem } from './problem-answer.ts'
import type { RateLimiter } from './rate-limit.ts'
import { commonHeaders, exchangeOf } from './request-context.ts'
import { refuseOddHost, requestUrl } from './url.ts'

/** What every service tells the frame about itself. `frameOptions` makes it from the configuration. */
export type FrameOptions = PrivatePages & {
  health: Health
  metrics: Metrics
  log: Log
  corsOrigins: readonly string[]
  /** Whose `X-Forwarded-For` is believed; nobody's when not given. */
  trustedProxies?: readonly string[]
  /** For how long browsers are told to use HTTPS alone; 0, or not given, where there is none. */
  hstsSeconds?: number
  /** Counts requests; when not given nobody is limited. */
  rateLimiter?: RateLimiter
}

/** Bun answers an oversized body itself, without a word; our own limits must come first, so this is far above. */
const BODY_BYTES_MAX = 16 * 1024 * 1024

/**
 * What is the same around every operation of every service: common headers, CORS, problems, one log line and
 * one measurement per request, health, metrics and the Swagger page.
 */
export function frame(api: Api, options: FrameOptions) {
  const origins = new Set(options.corsOrigins)
  const audit = createAudit(api, options.log)
  const clientAddress = clientAddressBehind(options.trustedProxies ?? [])
  const hsts = options.hstsSeconds
    ? { 'strict-transport-security': `max-age=${options.hstsSeconds}; includeSubDomains` }
    : {}
  return new Elysia({ normalize: false, serve: { maxRequestBodySize: BODY_BYTES_MAX } })
    .onRequest(({ request, set, server }) => {
      giveTime(request, server)
      const exchange = exchangeOf(request)
      exchange.address = clientAddress(request, addressOf(request, server))
      Object.assign(set.headers, commonHeaders(exchange), hsts, corsHeaders(request, origins))
      if (isPreflight(request)) return new Response(null, { status: 204 })
      refuseOddHost(request)
      refusePrivatePage(request, options)
      return undefined
    })
    .onError(({ error, request, set }) => {
      const exchange = exchangeOf(request)
      const problem = toProblem(
        error instanceof NotFoundError ? wrongRoute(api, request, error) : error,
        api.problems,
      )
      exchange.status = problem.kind.status
      exchange.code = problem.code
      if (problem.kind.status >= 500) {
        withTrace(exchange, () => options.log.error({ error, operation: exchange.operation }, problem.code))
      }
      return problemAnswer(
        problem,
        exchange.requestId,
        new Headers(
          Object.entries(set.headers).map(([name, value]): [string, string] => [name, String(value)]),
        ),
      )
    })
    .onAfterResponse(({ request, set, response }) => {
      const exchange = exchangeOf(request)
      const answered = response instanceof Response ? response.status : Number(set.status ?? 200)
      const { operation, caller, code, status = answered } = exchange
      const durationMs = performance.now() - exchange.startedAt
      options.metrics.requestSeconds.observe({ operation: operation ?? 'none', status }, durationMs / 1000)
      if (!operation && status < 400) return
      const by = caller && ('caller' in caller ? caller.caller : caller.userId)
      const line = {
        method: request.method,
        operation,
        status,
        code,
        by: by ?? exchange.subject,
        from: exchange.address,
        durationMs: Math.round(durationMs * 10) / 10,
      }
      withTrace(exchange, () => audit(exchange, line))
    })
    .use(healthRoutes(options.health, options.metrics, { detailed: options.docsHidden !== true }))
    .use(docsPage(api, options.corsOrigins))
}

/** A path that exists, asked with a method it does not have, is told which methods it has. */
function wrongRoute(api: Api, request: Request, notFound: NotFoundError): Error {
  const { pathname } = requestUrl(request)
  const methods = Object.values(api.operations)
    .filter((operation) =>
      new RegExp(`^${operation.path.replaceAll(/:[A-Za-z]+/g, '[^/]+')}$`).test(pathname),
    )
    .map((operation) => operation.method)
  if (methods.length === 0) return notFound
  // Elysia answers HEAD wherever there is GET.
  const allow = [
    ...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))),
  ].join(', ')
  return new DomainError('method-not-allowed', `Use ${allow} here`, { headers: { allow } })
}
