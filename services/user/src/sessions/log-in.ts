import { newId } from '@bazaar/shared/database/columns'
import { read } from '@bazaar/shared/database/database'
import { DomainError } from '@bazaar/shared/problem'
import { noteSubject } from '@bazaar/shared/telemetry/trace'
import { passedOn } from '../accounts/iam.ts'
import { loginOf } from '../accounts/login-forms.ts'
import { findUser, findUserByLogin, type User } from '../accounts/user-store.ts'
import type { Deps } from '../deps.ts'
import { wrongCredentials } from '../errors.ts'
import { endOwnSession, insertSession, type NewSession } from './session-store.ts'
import { tryPassword } from './try-password.ts'

/** A further attempt is needed only if all of the user's sessions were ended while they were logging in. */
const ATTEMPTS_MAX = 3

/**
 * Begins a session for a caller who knows the password. An unknown login is checked like a known one, against a
 * placeholder credential, so that neither the answer nor its time reveals which accounts exist.
 *
 * @throws {DomainError} wrong-credentials or too-many-requests.
 */
export async function logIn(deps: Deps, request: LogIn): Promise<NewSession> {
  return tryPassword(deps, { login: nameOf(request.login), address: request.address }, () =>
    withPassword(deps, request),
  )
}

type LogIn = { login: string; password: string; address: string }

async function withPassword(deps: Deps, request: LogIn): Promise<NewSession> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const session = await attemptLogIn(deps, request)
    if (session) return session
  }
  throw new DomainError('too-many-requests', 'The sessions of this user are being ended; try again shortly', {
    retryAfterSeconds: 1,
  })
}

/** Undefined when the user's sessions were ended in the meantime: the password may have changed. */
async function attemptLogIn(deps: Deps, request: LogIn): Promise<NewSession | undefined> {
  const { database, redis, iam, log } = deps
  const user = await userOf(deps, request.login)
  if (user) noteSubject(user.id)
  const body = { userId: user?.id ?? newId(), password: request.password }
  await passedOn(iam.verifyCredential({ body }))
  if (!user) throw wrongCredentials()

  const session = await insertSession(redis, user, deps.sessions)
  // failpoint: log-in.after-session
  const present = await read(database, (connection) => findUser(connection, user.id))
  if (present?.sessionsEpoch === user.sessionsEpoch) {
    log.info({ userId: user.id, sessionId: session.sessionId }, 'logged in')
    return session
  }
  await endOwnSession(redis, session)
  return undefined
}

/** The name that a login is counted under: its one form if it is a login, and the text itself otherwise. */
function nameOf(text: string): string {
  const login = loginOf(text)
  if (!login) return `none:${text}`
  return 'email' in login ? `email:${login.email}` : `mobile:${login.mobileNumber}`
}

async function userOf({ database }: Deps, text: string): Promise<User | undefined> {
  const login = loginOf(text)
  return login && read(database, (connection) => findUserByLogin(connection, login))
}
