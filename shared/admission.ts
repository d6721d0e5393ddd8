import type { Access, Operation, UserType } from './api/operation.ts'
import { DomainError } from './problem.ts'

/** A logged-in buyer or seller. `token` is what he sent; it is passed on when a service asks another for him. */
export type Session = {
  userId: string
  userType: UserType
  /** Names the session in lists without giving it away. */
  sessionId: string
  createdAt: Date
  expiresAt: Date
  token: string
}

/** A service that presented a valid API key. */
export type KeyHolder = { caller: string; publicId: string; scopes: readonly string[] }

/** How a service finds out who is calling. A service without sessions, or without keys, leaves that out. */
export type Guards = {
  session?: (token: string) => Promise<Session | undefined>
  key?: (key: string) => Promise<KeyHolder | undefined>
}

/** Who is calling, as far as the operation's access rule wants to know. */
export type CallerOf<A extends Access> = A extends 'anyone'
  ? undefined
  : A extends { key: string }
    ? KeyHolder
    : Session

/**
 * Applies the operation's access rule to a request: finds out who calls and whether he may.
 *
 * @throws {DomainError} unauthenticated (the same for every cause) or forbidden.
 * @throws {DependencyUnavailable} when it cannot be found out: never let in by default.
 */
export async function admit(
  operation: Operation,
  request: Request,
  guards: Guards,
): Promise<Session | KeyHolder | undefined> {
  const { access } = operation
  if (access === 'anyone') return undefined
  if ('key' in access) {
    const holder = await guards.key?.(credential(request, 'x-api-key'))
    if (!holder) throw unauthenticated('Send a valid API key in the header X-API-Key')
    if (!holder.scopes.includes(access.key))
      throw new DomainError('forbidden', 'The API key does not have the scope for this')
    return holder
  }
  const session = await guards.session?.(credential(request, 'session'))
  if (!session) throw unauthenticated('Log in and send the session key in the header SESSION')
  if (access.session !== 'any' && access.session !== session.userType) {
    throw new DomainError('forbidden', `Only a ${access.session.toLowerCase()} may do this`)
  }
  return session
}

const CREDENTIAL = /^[\x21-\x7e]{16,256}$/

/** The credential in a header; anything that cannot be one is treated like a missing one. */
function credential(request: Request, header: string): string {
  const value = request.headers.get(header) ?? ''
  if (value.includes(','))
    throw new DomainError('malformed-request', `Send the header ${header.toUpperCase()} once`)
  if (!CREDENTIAL.test(value))
    throw unauthenticated(
      header === 'session'
        ? 'Log in and send the session key in the header SESSION'
        : 'Send a valid API key in the header X-API-Key',
    )
  return value
}

function unauthenticated(detail: string): DomainError {
  return new DomainError('unauthenticated', detail)
}
