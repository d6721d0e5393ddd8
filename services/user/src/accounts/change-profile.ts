import { inTransaction, read, type Transaction } from '@bazaar/shared/database/database'
import { duplicateKey } from '@bazaar/shared/database/errors'
import { type IfMatch, isMatch } from '@bazaar/shared/http/request/headers'
import { inMidChange } from '@bazaar/shared/problem'
import type { Deps } from '../deps.ts'
import {
  changedMeanwhile,
  emailTaken,
  mobileNumberTaken,
  notAUserAnyMore,
  reauthenticationRequired,
} from '../errors.ts'
import { tellUser } from '../letters/tell-user.ts'
import { deleteResetsOf } from '../resets/reset-store.ts'
import { endInRedis } from '../sessions/log-out.ts'
import { markSessions } from '../sessions/session-store.ts'
import { proveUser } from '../sessions/try-password.ts'
import { sendLink } from '../verification/send-link.ts'
import { deleteVerificationsOf } from '../verification/verification-store.ts'
import { formsOf } from './login-forms.ts'
import { findUser, lastEndingOf, lockUser, saveProfile, saveSessionsEpoch, type User } from './user-store.ts'

type Profile = { name: string; email: string; mobileNumber: string; language: 'en' | 'de' | null }

type ProfileChange = {
  userId: string
  sessionId: string
  address: string
  changes: Partial<Profile>
  currentPassword?: string | undefined
  ifMatch?: IfMatch | undefined
}

/**
 * Changes the given parts of a user's profile. A new e-mail address or mobile number is a new login, so the caller
 * must also know the password, and all other sessions and links to set a password end. If that breaks off after the change, repeating the request
 * completes it.
 *
 * @throws {DomainError} validation-failed, precondition-failed, reauthentication-required, wrong-credentials,
 * email-taken, mobile-number-taken or too-many-requests.
 * @throws {OutcomeUnknown} when the change is stored, but perhaps not all sessions were ended yet.
 */
export async function changeProfile(deps: Deps, request: ProfileChange): Promise<User> {
  const changes = formsOf(request.changes)
  const user = await keepProfile(deps, { ...request, changes })
  deps.postman.wake()
  if (changes.email === undefined && changes.mobileNumber === undefined) return user
  try {
    await endInRedis(deps.redis, user.id, lastEndingOf(user))
    await markSessions(deps.redis, user)
  } catch (error) {
    throw inMidChange(error)
  }
  return user
}

/** Stores the change and, with a new login, that all sessions but the one that asks have ended. */
async function keepProfile(deps: Deps, request: ProfileChange): Promise<User> {
  const { database } = deps
  const { userId, sessionId, changes, currentPassword, ifMatch } = request

  const seen = await read(database, (connection) => findUser(connection, userId))
  if (!seen) throw notAUserAnyMore()
  if (!isMatch(ifMatch, seen.version)) throw changedMeanwhile()
  const needsPassword = isAnotherLogin(seen, changes)
  if (needsPassword) {
    if (currentPassword === undefined) throw reauthenticationRequired()
    await proveUser(deps, { userId, password: currentPassword, address: request.address })
  }

  try {
    return await inTransaction(database, async (tx) => {
      const user = await lockUser(tx, userId)
      if (!user) throw notAUserAnyMore()
      if (!isMatch(ifMatch, user.version)) throw changedMeanwhile()
      if (isAnotherLogin(user, changes) && !needsPassword) throw reauthenticationRequired()
      const { name, email, mobileNumber, language } = user
      const profile = { name, email, mobileNumber, language, ...changes }
      const emailVerifiedAt = profile.email === email ? user.emailVerifiedAt : null
      const isOther = profile.name !== name || profile.language !== language
      if (!isOther && !isAnotherLogin(user, profile)) return user
      await saveProfile(tx, userId, { ...profile, emailVerifiedAt })
      const changed = { ...user, ...profile, emailVerifiedAt, version: user.version + 1 }
      if (!isAnotherLogin(user, profile)) return changed
      await saveSessionsEpoch(tx, { userId, exceptId: sessionId })
      await deleteResetsOf(tx, userId)
      await tellOwner(tx, user, changed)
      if (changed.email !== email) {
        await deleteVerificationsOf(tx, userId)
        await sendLink(tx, deps, changed)
      }
      return { ...changed, sessionsEpoch: user.sessionsEpoch + 1, keptSessionId: sessionId }
    })
  } catch (error) {
    const key = duplicateKey(error)
    if (key === 'users_email_unique') throw emailTaken()
    if (key === 'users_mobile_number_unique') throw mobileNumberTaken()
    throw error
  }
}

/** Tells the owner of a new login; of a new e-mail address also at the old one, where a robbed owner reads it. */
async function tellOwner(tx: Transaction, before: User, after: User): Promise<void> {
  const letter = { cause: after.version, facts: { at: new Date().toISOString() } }
  if (after.email !== before.email) {
    await tellUser(tx, before, { kind: 'email-changed', ...letter })
    await tellUser(tx, after, { kind: 'email-added', ...letter })
  }
  if (after.mobileNumber !== before.mobileNumber)
    await tellUser(tx, before, { kind: 'mobile-number-changed', ...letter })
}

function isAnotherLogin(user: User, changes: Partial<Profile>): boolean {
  const { email = user.email, mobileNumber = user.mobileNumber } = changes
  return email !== user.email || mobileNumber !== user.mobileNumber
}
