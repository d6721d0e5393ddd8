import type { Operation } from '../api/operation.ts'
import { type Caller, identify, permit } from '../auth/admission.ts'
import { DomainError } from '../problem.ts'
import { networkOf } from './request/client-address.ts'
import { refuseUnacceptable } from './request/headers.ts'
import { currentExchange } from './request-context.ts'

/** An operation, and the name it has in its API. */
export type NamedOperation = Operation & { name: string }

type Incoming = { request: Request; set: { headers: Record<string, unknown> } }

/**
 * Finds out who is calling, counts the request against them, or against their address while they are unknown, and lets
 * them in or not. It runs before anything else of the request is read, so a stranger learns nothing about what would be
 * valid.
 *
 * The function throws {DomainError} not-acceptable, unauthenticated, forbidden, too-many-requests.
 */
export function admission(operation: NamedOperation): (incoming: Incoming) => Promise<void> {
  const { name, cost = 1 } = operation
  return async ({ request, set }) => {
    const exchange = currentExchange()
    const { guards, rateLimiter } = exchange.door
    exchange.operation = name
    refuseUnacceptable(operation, request)
    const count = async (caller: Caller | undefined) => {
      const counted = !caller ? 'address' : 'userId' in caller ? 'session' : 'key'
      const who = !caller ? networkOf(exchange.address) : 'userId' in caller ? caller.userId : caller.publicId
      Object.assign(set.headers, await rateLimiter?.take(counted, { who, cost }))
    }
    try {
      exchange.caller = await identify(operation, request, guards)
    } catch (error) {
      // A caller who is trying out credentials is still unknown.
      if (error instanceof DomainError) await count(undefined)
      throw error
    }
    await count(exchange.caller)
    permit(operation, exchange.caller)
  }
}
