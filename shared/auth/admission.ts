import type { Access, Operation, UserType } from '../api/operation.ts'
import { DomainError } from '../problem.ts'

/** A logged-in buyer or seller. `token` is what he sent; it is passed on when a service asks another for him. */
export type Session = {
  userId: string
  userType: UserType
  /** Names the session in lists without giving it away. */
  sessionId: string
  createdAt: Date
  expiresAt: Date
  /** How often all sessions of the user had been ended when it began; the user service knows how often by now. */
  epoch?: number | undefined
  token: string
}

/** A service that presented a valid API key. */
export type KeyHolder = { caller: string; publicId: string; scopes: readonly string[] }

/** Somebody who could be told. */
export type Caller = Session | KeyHolder

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
 * Finds out who calls, as far as the operation's access rule wants to know; undefined where anyone may.
 *
 * @throws {DomainError} unauthenticated (the same for every cause), or malformed-request for two credentials.
 * @throws {DependencyUnavailable} when it cannot be found out: never let in by default.
 */
export async function identify(
  { access }: Operation,
  request: Request,
  guards: Guards,
): Promise<Caller | undefined> {
  if (access === 'anyone') return undefined
  const caller =
    'key' in access
      ? await guards.key?.(credential(request, 'x-api-key'))
      : await guards.session?.(credential(request, 'session'))
  if (!caller) throw unauthenticated('key' in access ? 'x-api-key' : 'session')
  return caller
}

/**
 * Applies the operation's access rule to the caller.
 * @throws {DomainError} forbidden.
 */
export function permit({ access }: Operation, caller: Caller | undefined): void {
  if (access === 'anyone') return
  if (!caller) throw unauthenticated('key' in access ? 'x-api-key' : 'session')
  if ('key' in access) {
    if ('scopes' in caller && caller.scopes.includes(access.key)) return
    throw new DomainError('forbidden', 'The API key does not have the scope for this')
  }
  if (access.session === 'any' && 'userType' in caller) return
  if ('userType' in caller && access.session === caller.userType) return
  throw new DomainError('forbidden', `Only a ${access.session.toLowerCase()} may do this`)
}

const CREDENTIAL = /^[\x21-\x7e]{16,256}$/

/** The credential in a header; anything that cannot be one is treated like a missing one. */
function credential(request: Request, header: 'session' | 'x-api-key'): string {
  const value = request.headers.get(header) ?? ''
  if (value.includes(','))
    throw new DomainError('malformed-request', `Send the header ${header.toUpperCase()} once`)
  if (!CREDENTIAL.test(value)) throw unauthenticated(header)
  return value
}

function unauthenticated(header: 'session' | 'x-api-key'): DomainError {
  return new DomainError(
    'unauthenticated',
    header === 'session'
      ? 'Log in and send the session key in the header SESSION'
      : 'Send a valid API key in the header X-API-Key',
  )
}
