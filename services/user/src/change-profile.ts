import { inTransaction, read } from '@bazaar/shared/database'
import { duplicateKey } from '@bazaar/shared/database-errors'
import type { Deps } from './deps.ts'
import { emailTaken, mobileNumberTaken, notAUserAnyMore, reauthenticationRequired } from './errors.ts'
import { proveUser } from './try-password.ts'
import { emailForm } from './user.ts'
import { findUser, lockUser, saveProfile, type User } from './user-store.ts'

type Profile = { name: string; email: string; mobileNumber: string }

/**
 * Changes what is given of a user's profile. Another e-mail address or mobile number is another way in, so
 * whoever asks must know the password, too: a stolen session is not enough to take the account.
 *
 * @throws {DomainError} reauthentication-required, wrong-credentials, email-taken, mobile-number-taken or
 *   too-many-requests.
 */
export async function changeProfile(
  deps: Deps,
  request: {
    userId: string
    changes: Partial<Profile>
    currentPassword?: string | undefined
    address: string
  },
): Promise<User> {
  const { database } = deps
  const { userId, currentPassword } = request
  const { email, ...others } = request.changes
  const changes = { ...others, ...(email === undefined ? {} : { email: emailForm(email) }) }

  const seen = await read(database, (connection) => findUser(connection, userId))
  if (!seen) throw notAUserAnyMore()
  const needsPassword = isAnotherLogin(seen, changes)
  if (needsPassword) {
    if (currentPassword === undefined) throw reauthenticationRequired()
    await proveUser(deps, { userId, password: currentPassword, address: request.address })
  }

  try {
    return await inTransaction(database, async (tx) => {
      const user = await lockUser(tx, userId)
      if (!user) throw notAUserAnyMore()
      if (isAnotherLogin(user, changes) && !needsPassword) throw reauthenticationRequired()
      const profile = { name: user.name, email: user.email, mobileNumber: user.mobileNumber, ...changes }
      if (profile.name === user.name && !isAnotherLogin(user, profile)) return user
      await saveProfile(tx, userId, profile)
      return { ...user, ...profile, version: user.version + 1 }
    })
  } catch (error) {
    const key = duplicateKey(error)
    if (key === 'users_email_unique') throw emailTaken()
    if (key === 'users_mobile_number_unique') throw mobileNumberTaken()
    throw error
  }
}

function isAnotherLogin(user: User, changes: Partial<Profile>): boolean {
  const { email = user.email, mobileNumber = user.mobileNumber } = changes
  return email !== user.email || mobileNumber !== user.mobileNumber
}
