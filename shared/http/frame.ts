import { Elysia, NotFoundError } from 'elysia'
import type { Api } from '../api/operation.ts'
import type { Guards } from '../auth/admission.ts'
import { DomainError } from '../problem.ts'
import { type Health, healthRoutes } from '../process/health.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { inSpan } from '../telemetry/spans.ts'
import { withTrace } from '../telemetry/trace.ts'
import { requestLine } from './audit.ts'
import { roomFor } from './bounded.ts'
import { cors } from './cors.ts'
import { docsPage } from './docs/page.ts'
import { addressOf, giveTime } from './listen.ts'
import { type PrivatePages, refusePrivatePage } from './private-pages.ts'
import { problemAnswer, thrownIn, toProblem } from './problem-answer.ts'
import type { RateLimiter } from './rate-limit.ts'
import { clientAddressBehind } from './request/client-address.ts'
import { refuseOddHost, requestUrl } from './request/url.ts'
import { beginExchange, commonHeaders, currentExchange, type Door, type Exchange } from './request-context.ts'
import { noteAnswer, requestSpan } from './request-span.ts'

/** The settings that every service gives the frame. `frameOptions` makes them from the configuration. */
export type FrameOptions = PrivatePages & {
  health: Health
  metrics: Metrics
  log: Log
  corsOrigins: readonly string[]
  /** The proxies whose `X-Forwarded-For` is trusted; none by default. */
  trustedProxies?: readonly string[]
  /** The seconds for which browsers are told to use only HTTPS; 0 (the default) where there is no HTTPS. */
  hstsSeconds?: number
  /** Counts requests; without it nobody is limited. */
  rateLimiter?: RateLimiter
}

/**
 * The requests that one process answers at once. Operations with limits of their own, such as orders that wait their
 * turn, stay below this; beyond it nobody would be answered in time.
 */
const ANSWERED_AT_ONCE_MAX = 1_024

/**
 * Bun answers an oversized body itself, without an explanation. Our own limits must apply first, so this is far above
 * them.
 */
const BODY_BYTES_MAX = 16 * 1024 * 1024

/**
 * A service's app without its operations: common headers, CORS, problems, one log line and one measurement per
 * request, health, metrics, the document and the Swagger page.
 */
export function frame(api: Api, options: FrameOptions & { guards: Guards }) {
  const { guards, rateLimiter, log } = options
  const door: Door = { guards, rateLimiter, enter: roomFor(ANSWERED_AT_ONCE_MAX) }
  const clientAddress = clientAddressBehind(options.trustedProxies ?? [])
  const hsts = options.hstsSeconds
    ? { 'strict-transport-security': `max-age=${options.hstsSeconds}; includeSubDomains` }
    : {}
  return new Elysia({ normalize: false, serve: { maxRequestBodySize: BODY_BYTES_MAX } })
    .wrap(
      (answer, request) =>
        (...given: unknown[]) =>
          inSpan(
            () => requestSpan(request),
            async () => {
              const exchange = beginExchange(request, door)
              const asked = () => answered(() => answer(...given), { exchange, log })
              const response = await withTrace(exchange, asked)
              noteAnswer(api, exchange, response)
              return response
            },
          ),
    )
    .onRequest(({ request, set, server }) => {
      giveTime(request, server)
      const exchange = currentExchange()
      exchange.address = clientAddress(request, addressOf(request, server))
      Object.assign(set.headers, commonHeaders(exchange), hsts)
    })
    .use(cors(options.corsOrigins))
    .onRequest(({ request }) => {
      refuseOddHost(request)
      refusePrivatePage(request, options)
    })
    .onError(({ error, request, set }) => {
      const exchange = currentExchange()
      const thrown = thrownIn(error)
      const failure = thrown instanceof NotFoundError ? wrongRoute(api, request, thrown) : thrown
      const problem = toProblem(failure, api.problems)
      exchange.status = problem.kind.status
      exchange.code = problem.code
      if (problem.kind.status >= 500)
        log.error({ error: thrown, operation: exchange.operation }, problem.code)
      const headers = Object.entries(set.headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ])
      return problemAnswer(problem, exchange.requestId, new Headers(headers))
    })
    .use(requestLine(api, options))
    .use(healthRoutes(options.health, options.metrics, { detailed: options.docsHidden !== true }))
    .use(docsPage(api, options.corsOrigins))
}

/** Elysia's answer, or ours if Elysia itself fails, as it does when a handler throws `undefined`. */
async function answered(
  answer: () => unknown,
  { exchange, log }: { exchange: Exchange; log: Log },
): Promise<unknown> {
  try {
    return await answer()
  } catch (error) {
    const problem = toProblem(error, {})
    log.error({ error, operation: exchange.operation }, problem.code)
    return problemAnswer(problem, exchange.requestId, new Headers(commonHeaders(exchange)))
  } finally {
    exchange.leave?.()
  }
}

/** A request with the wrong method for an existing path is told which methods the path has. */
function wrongRoute(api: Api, request: Request, notFound: NotFoundError): Error {
  const { pathname } = requestUrl(request)
  const methods = Object.values(api.operations)
    .filter((operation) =>
      new RegExp(`^${operation.path.replaceAll(/:[A-Za-z]+/g, '[^/]+')}$`).test(pathname),
    )
    .map((operation) => operation.method)
  if (methods.length === 0) return notFound
  // Elysia answers HEAD wherever there is a GET.
  const allow = [
    ...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))),
  ].join(', ')
  return new DomainError('method-not-allowed', `Use ${allow} here`, { headers: { allow } })
}
