import { randomBytes } from 'node:crypto'
import { newId } from '@bazaar/shared/database/columns'
import { type Actor, attempt, logIn, type Person, sessionName, settle } from './actor.ts'
import type { Call } from './client.ts'
import { memberOf } from './client.ts'
import { newPerson } from './people.ts'

/** Somebody who only comes and goes, and tries the keys that they must not have any more. */
export type Visitor = { actor: Actor; person: Person; ended: string[] }

const ENDED_MAX = 200

/**
 * Logs in, looks around, logs out, and tries the session again everywhere, along with ones that ended long
 * ago and one that never was.
 */
export async function visit(visitor: Visitor): Promise<void> {
  const { actor, ended } = visitor
  const { random } = actor
  if (random.chance(0.1)) visitor.person = (await newPerson(actor, 'BUYER')) ?? visitor.person
  const { person } = visitor
  if (random.chance(0.2)) await logInWithWrongPassword(actor, person)

  const session = await logIn(actor, person)
  if (session !== undefined) {
    await readProfile(actor, person)
    if (await end(visitor, session)) {
      ended.push(session)
      if (ended.length > ENDED_MAX) ended.shift()
      for (const place of PLACES) await use(actor, 'use-ended', session, place)
    }
  }
  if (ended.length > 0) await use(actor, 'use-ended', random.pick(ended), random.pick(PLACES))
  await use(actor, 'use-forged', randomBytes(32).toString('base64url'), random.pick(PLACES))
}

/** Tries every session that was ever ended once more. */
export async function tryAllEnded({ actor, ended }: Visitor): Promise<void> {
  for (const session of ended) await use(actor, 'use-ended', session, actor.random.pick(PLACES))
}

async function readProfile(actor: Actor, person: Person): Promise<void> {
  await settle(actor, {
    f: 'read-profile',
    key: `profile-${newId()}`,
    value: { as: person.userId },
    by: person,
    call: () => ({ service: 'user', method: 'GET', path: '/users/me', session: person.session }),
    facts: (body) => ({ userId: memberOf(body, 'id') }),
  })
}

/** Ends the session, or all sessions of the person. True when it is certain that it is ended. */
async function end({ actor, person }: Visitor, session: string): Promise<boolean> {
  const everywhere = actor.random.chance(0.2)
  const answer = await settle(actor, {
    f: 'log-out',
    key: `log-out-${newId()}`,
    value: { as: person.userId, session: sessionName(session) },
    call: () => ({
      service: 'user',
      method: 'DELETE',
      path: everywhere ? '/sessions' : '/sessions/current',
      session,
    }),
  })
  return answer.outcome === 'ok' || answer.status === 401
}

/** Where a session can be tried: the answer to a buyer's session differs from that to none in all three. */
const PLACES = [
  { service: 'user', path: '/users/me' },
  { service: 'order', path: '/orders?limit=1' },
  { service: 'inventory', path: '/seller/products?limit=1' },
] as const satisfies Pick<Call, 'service' | 'path'>[]

/** Asked once: whatever the answer is, it must not let them in. */
async function use(
  actor: Actor,
  f: 'use-ended' | 'use-forged',
  session: string,
  { service, path }: (typeof PLACES)[number],
): Promise<void> {
  await attempt(actor, {
    f,
    key: `${f}-${newId()}`,
    value: { session: sessionName(session), service },
    call: () => ({ service, method: 'GET', path, session }),
  })
}

async function logInWithWrongPassword(actor: Actor, { email, userId }: Person): Promise<void> {
  await attempt(actor, {
    f: 'log-in-wrongly',
    key: `wrong-${newId()}`,
    value: { as: userId },
    call: () => ({
      service: 'user',
      method: 'POST',
      path: '/sessions',
      body: { login: email, password: 'pw-canary-wrong' },
    }),
  })
}
