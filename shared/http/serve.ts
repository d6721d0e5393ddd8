import { type Api, type Operation, usualStatusOf } from '../api/operation.ts'
import { type Caller, type Guards, identify, permit } from '../auth/admission.ts'
import { DomainError } from '../problem.ts'
import { Reply } from '../reply.ts'
import { withTrace } from '../telemetry/trace.ts'
import { asMeant, givenIn } from './as-meant.ts'
import { readImageBody, readJsonBody } from './body.ts'
import { roomFor } from './bounded.ts'
import { networkOf } from './client-address.ts'
import { type FrameOptions, frame } from './frame.ts'
import type { Handlers } from './handler.ts'
import {
  idempotencyKeyOf,
  ifMatchOf,
  isNotModified,
  refuseOddQuery,
  refuseUnacceptable,
  requiredIfMatchOf,
} from './headers.ts'
import type { RateLimiter } from './rate-limit.ts'
import { type Exchange, exchangeOf } from './request-context.ts'
import { schemasOf } from './route-schemas.ts'

/**
 * Requests that one process answers at the same time. What its operations bound for themselves, such as orders that
 * wait for their turn, is less; beyond this nobody would be answered in time.
 */
const ANSWERED_AT_ONCE_MAX = 1_024

const IF_MATCH = { required: requiredIfMatchOf, optional: ifMatchOf }

/** A running service as Elysia knows it. */
export type App = ReturnType<typeof frame>

/**
 * Builds the HTTP side of a service from its API: for each operation a route that lets in whom its access
 * rule allows, validates what comes in and what goes out, and is documented. The service adds the handlers.
 */
export function serve<A extends Api>(
  api: A,
  options: FrameOptions & { handlers: Handlers<A>; guards: Guards },
): App {
  const app = frame(api, options)
  const room = roomFor(ANSWERED_AT_ONCE_MAX)
  for (const [name, operation] of Object.entries(api.operations)) {
    // Elysia validates by the operation's own schemas, so its handler gets exactly what it declares.
    const handler = options.handlers[name] as unknown as (request: unknown) => Promise<unknown>
    addRoute(app, {
      api,
      name,
      operation,
      guards: options.guards,
      limiter: options.rateLimiter,
      handler: (given) => room(() => handler(given)),
    })
  }
  return app
}

type Route = {
  api: Api
  name: string
  operation: Operation
  guards: Guards
  limiter: RateLimiter | undefined
  handler: (request: unknown) => Promise<unknown>
}

type Incoming = {
  request: Request
  query: Record<string, string>
  set: { headers: Record<string, unknown> }
}

function addRoute(app: App, route: Route): void {
  const { api, name, operation, handler } = route
  const { body, imageBodyBytesMax } = operation

  /** Comes before anything of the request is read: a stranger learns nothing about what would be valid. */
  async function admitOnce(request: Request, headers: Record<string, unknown>): Promise<void> {
    const exchange = exchangeOf(request)
    if (exchange.operation) return
    exchange.operation = name
    refuseUnacceptable(operation, request)
    await withTrace(exchange, () => admit(route, { request, exchange, headers }))
  }

  app.route(
    operation.method,
    operation.path,
    async ({ request, params, query, body, set }) => {
      const exchange = exchangeOf(request)
      const answer = await withTrace(exchange, () =>
        handler({
          params: asMeant(operation.params, params),
          query: asMeant(operation.query, query),
          body: asMeant(operation.body, body),
          caller: exchange.caller,
          idempotencyKey: operation.idempotencyKey && idempotencyKeyOf(request),
          ifMatch: operation.ifMatch && IF_MATCH[operation.ifMatch](request),
          address: exchange.address,
        }),
      ).catch(asError)
      const reply = answer instanceof Reply ? answer : new Reply(answer)
      Object.assign(set.headers, reply.headers)
      const status = reply.status ?? usualStatusOf(operation)
      // Of nothing at all Elysia would make an empty text, which Deno refuses to send with 204 and 304.
      if (operation.method === 'GET' && isNotModified(request, reply.headers['etag'])) {
        return new Response(null, { status: 304 })
      }
      if (reply.body === undefined && status === 204) return new Response(null, { status })
      if (reply.body instanceof Uint8Array) return new Response(Buffer.from(reply.body), { status })
      set.status = status
      return reply.body
    },
    {
      ...schemasOf(api, operation),
      ...(body || imageBodyBytesMax
        ? {
            parse: async ({ request, set }: Incoming) => {
              await admitOnce(request, set.headers)
              return imageBodyBytesMax ? readImageBody(request, imageBodyBytesMax) : readJsonBody(request)
            },
          }
        : // Otherwise Elysia would read, and take for what its type says, whatever a stranger sends.
          { parse: 'none' as const }),
      transform: async (incoming: Incoming) => {
        const { request, set } = incoming
        await admitOnce(request, set.headers)
        refuseOddQuery(operation, request)
        if (operation.query) incoming.query = givenIn(incoming.query)
      },
    },
  )
}

/** Elysia fails over nothing that is thrown, and sends a thrown answer past all that is the same around operations. */
function asError(thrown: unknown): never {
  throw thrown instanceof Error
    ? thrown
    : new Error('Something that is no error was thrown', { cause: thrown })
}

/** Finds out who calls, counts the request for him, or for his address when he is nobody, and lets him in or not. */
async function admit(
  { operation, guards, limiter }: Route,
  { request, exchange, headers }: { request: Request; exchange: Exchange; headers: Record<string, unknown> },
): Promise<void> {
  const count = async (caller: Caller | undefined) => {
    const counted = !caller ? 'address' : 'userId' in caller ? 'session' : 'key'
    const who = !caller ? networkOf(exchange.address) : 'userId' in caller ? caller.userId : caller.publicId
    Object.assign(headers, await limiter?.take(counted, { who, cost: operation.cost ?? 1 }))
  }
  try {
    exchange.caller = await identify(operation, request, guards)
  } catch (error) {
    // Whoever tries credentials is nobody yet.
    if (error instanceof DomainError) await count(undefined)
    throw error
  }
  await count(exchange.caller)
  permit(operation, exchange.caller)
}
