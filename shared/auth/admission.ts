import type { Access, Operation, UserType } from '../api/operation.ts'
import { DomainError } from '../problem.ts'

/**
 * A logged-in buyer or seller. `token` is the session key they sent, passed on when one service calls another for
 * them.
 */
export type Session = {
  userId: string
  userType: UserType
  /** Identifies the session in lists without revealing its key. */
  sessionId: string
  createdAt: Date
  expiresAt: Date
  /** The user's count of "end all sessions" when this session began. The user service knows the current count. */
  epoch?: number | undefined
  /** Whether their e-mail address is verified. A session from before this was noted does not know, which counts as no. */
  emailVerified?: boolean | undefined
  token: string
}

/** A service that presented a valid API key. */
export type KeyHolder = { caller: string; publicId: string; scopes: readonly string[] }

/** A caller whose identity is known. */
export type Caller = Session | KeyHolder

/**
 * The ways in which a service identifies a caller. A service without sessions, or without keys, leaves that one out.
 */
export type Guards = {
  session?: (token: string) => Promise<Session | undefined>
  key?: (key: string) => Promise<KeyHolder | undefined>
}

/** The caller, as far as the operation's access rule needs to know. */
export type CallerOf<A extends Access> = A extends 'anyone'
  ? undefined
  : A extends { key: string }
    ? KeyHolder
    : Session

/**
 * Identifies the caller, as far as the operation's access rule needs it; undefined where anyone may call.
 *
 * @throws {DomainError} unauthenticated (the same for every cause), or malformed-request for two credentials.
 * @throws {DependencyUnavailable} when the caller cannot be checked: nobody is let in by default.
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
    throw new DomainError('forbidden', 'The API key lacks the scope for this')
  }
  if (access.session === 'any' && 'userType' in caller) return
  if ('userType' in caller && access.session === caller.userType) return
  throw new DomainError('forbidden', `Only a ${access.session.toLowerCase()} may do this`)
}

const CREDENTIAL = /^[\x21-\x7e]{16,256}$/

/** The credential in a header. A value that cannot be a credential is treated as missing. */
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
