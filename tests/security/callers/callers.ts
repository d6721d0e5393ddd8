import { randomBytes } from 'node:crypto'
import type { Access, UserType } from '@bazaar/shared/api/operation'
import { sessionRecordKey } from '@bazaar/shared/auth/sessions'
import type { Credentials } from '../system/ask.ts'
import { type Market, newApiKey, operatorKey, sessionOf, succeed } from '../system/market.ts'
import type { Operation } from '../system/operations.ts'
import { databases, redis, select } from '../system/rows.ts'
import { newSession, serviceKey } from '../system/valid-calls.ts'

/** Somebody who calls: nobody we know, a user, or a service with a key of one of our services. */
export type Caller = { name: string; credentials: Credentials } & (
  | { kind: 'nobody' }
  | { kind: 'user'; type: UserType }
  | { kind: 'service'; at: 'iam' | 'inventory'; scopes: readonly string[] }
)

/** What an operation must do with a caller who does not own what they name: let them in, or refuse them. */
export type Verdict =
  | 'let in'
  | '401 unauthenticated'
  | '403 forbidden'
  | '404 not-found'
  | '403 not-your-product'

/** The table of all operations and all callers is this rule, applied to what each operation declares. */
export function verdictOn(caller: Caller, operation: Operation): Verdict {
  const { access } = operation
  if (access === 'anyone') return 'let in'
  if (access === undefined) throw new Error(`${operation.id} does not say who may call it`)
  return 'key' in access ? verdictOnKey(caller, operation, access.key) : verdictOnSession(caller, access)
}

function verdictOnKey(caller: Caller, operation: Operation, scope: string): Verdict {
  if (caller.kind !== 'service' || caller.at !== operation.service) return '401 unauthenticated'
  return caller.scopes.includes(scope) ? 'let in' : '403 forbidden'
}

function verdictOnSession(caller: Caller, access: Extract<Access, { session: unknown }>): Verdict {
  if (caller.kind !== 'user') return '401 unauthenticated'
  if (access.session !== 'any' && access.session !== caller.type) return '403 forbidden'
  if (access.others === 'have-their-own') return 'let in'
  return access.others === 'not-found' ? '404 not-found' : '403 not-your-product'
}

/** Every kind of caller but the owners of what is asked for. */
export async function everyCaller(market: Market): Promise<Caller[]> {
  const { buyer, otherBuyer, otherSeller } = market
  const loggedOut = await newSession(buyer)
  await succeed('user logOut', {}, loggedOut.as)
  return [
    { name: 'nobody', kind: 'nobody', credentials: {} },
    { name: 'a session of garbage', kind: 'nobody', credentials: sessionOf({ session: garbage() }) },
    { name: 'a key of garbage', kind: 'nobody', credentials: { 'x-api-key': garbage() } },
    { name: 'a key that was never issued', kind: 'nobody', credentials: { 'x-api-key': neverIssued() } },
    { name: 'a session that was logged out', kind: 'nobody', credentials: loggedOut.as },
    { name: 'a session that has expired', kind: 'nobody', credentials: await expiredSession(market) },
    { name: 'a session as cookie', kind: 'nobody', credentials: { cookie: `SESSION=${buyer.session}` } },
    {
      name: 'a session as bearer token',
      kind: 'nobody',
      credentials: { authorization: `Bearer ${buyer.session}` },
    },
    {
      name: 'a session and a key in each other’s place',
      kind: 'nobody',
      credentials: { 'x-api-key': buyer.session, session: serviceKey('inventory')['x-api-key'] ?? '' },
    },
    { name: 'another buyer', kind: 'user', type: 'BUYER', credentials: sessionOf(otherBuyer) },
    { name: 'another seller', kind: 'user', type: 'SELLER', credentials: sessionOf(otherSeller) },
    ...(await keysOf('iam', ['credentials:write', 'credentials:verify'])),
    ...(await keysOf('inventory', ['reservations:write'])),
  ]
}

async function keysOf(at: 'iam' | 'inventory', scopes: readonly string[]): Promise<Caller[]> {
  const single = await Promise.all(
    [...scopes, 'keys:manage'].map(async (scope): Promise<Caller> => {
      const { credentials } = await newApiKey(at, [scope])
      return { name: `${at}’s key for ${scope} alone`, kind: 'service', at, scopes: [scope], credentials }
    }),
  )
  const revoked = await newApiKey(at, [...scopes, 'keys:manage'])
  await succeed(`${at} revokeApiKey`, { params: { publicId: revoked.publicId } }, operatorKey(at))
  const live = await newApiKey(at, [...scopes, 'keys:manage'])
  const expired = await newApiKey(at, [...scopes, 'keys:manage'])
  const database = databases.find((name) => name.endsWith(at)) ?? ''
  await select(
    `update \`${database}\`.api_keys set expires_at = now(3) - interval 1 second where public_id = ?`,
    [expired.publicId],
  )
  return [
    ...single,
    { name: `the key of our own service at ${at}`, kind: 'service', at, scopes, credentials: serviceKey(at) },
    { name: `a revoked key of ${at}`, kind: 'nobody', credentials: revoked.credentials },
    { name: `an expired key of ${at}`, kind: 'nobody', credentials: expired.credentials },
    {
      name: `a key of ${at} with another secret`,
      kind: 'nobody',
      credentials: { 'x-api-key': live.key.replace(/.{43}$/, randomBytes(32).toString('base64url')) },
    },
  ]
}

/** A session whose end has come, although Redis still has it, for longer than any test: its clock is another one. */
async function expiredSession({ buyer }: Market): Promise<Credentials> {
  const { as } = await newSession(buyer)
  const record = sessionRecordKey(as['session'] ?? '')
  const stored: { expiresAt: number } = JSON.parse((await redis.get(record)) ?? '{}')
  await redis.set(record, JSON.stringify({ ...stored, expiresAt: Date.now() - 1 }), 'PX', 86_400_000)
  return as
}

function garbage(): string {
  return randomBytes(32).toString('base64url')
}

function neverIssued(): string {
  return `bzk_dev_${randomBytes(8).toString('hex')}_${garbage()}`
}
