import { RemoteProblem } from '@bazaar/shared/clients/client'
import { inTransaction, read } from '@bazaar/shared/database/database'
import { inMidChange } from '@bazaar/shared/problem'
import { passedOn } from '../accounts/iam.ts'
import { findUser } from '../accounts/user-store.ts'
import type { Deps } from '../deps.ts'
import { linkNotValid } from '../errors.ts'
import { tokenHash } from '../letters/link-token.ts'
import { tellUser } from '../letters/tell-user.ts'
import { logOutEverywhere } from '../sessions/log-out.ts'
import { tryPassword } from '../sessions/try-password.ts'
import { deleteResetsOf, findReset, type Reset, saveBegun } from './reset-store.ts'

type NewPassword = { token: string; newPassword: string; address: string }

/**
 * Sets a new password for the holder of a link, ends all sessions and tells the owner. If it breaks off after the
 * password was set, the same request finishes it; otherwise a worker does.
 *
 * @throws {DomainError} wrong-credentials, password-too-common or too-many-requests.
 * @throws {OutcomeUnknown} when the password may be set but perhaps not all sessions were ended.
 */
export async function useReset(deps: Deps, { token, newPassword, address }: NewPassword): Promise<void> {
  const hash = tokenHash(token)
  const attempt = { login: `link:${hash.toString('base64url')}`, address }
  let isBegun = false
  try {
    const reset = await tryPassword(deps, attempt, async () => {
      const found = await begin(deps, hash)
      isBegun = true
      await changeAtIam(deps, found, newPassword)
      return found
    })
    await finishReset(deps, reset)
  } catch (error) {
    throw isBegun ? inMidChange(error) : error
  }
}

/** Notes that the password of a link is being set, so that a worker finishes what breaks off. */
async function begin({ database }: Deps, hash: Buffer): Promise<Reset> {
  const reset = await read(database, (connection) => findReset(connection, hash))
  if (!reset) throw linkNotValid()
  await inTransaction(database, (tx) => saveBegun(tx, reset.id))
  // failpoint: use-reset.after-begin
  return reset
}

async function changeAtIam({ iam }: Deps, reset: Reset, newPassword: string): Promise<void> {
  const { userId, credentialVersion } = reset
  try {
    const body = { newPassword, credentialVersion }
    await passedOn(iam.resetPassword({ params: { userId }, body }))
  } catch (error) {
    if (!(error instanceof RemoteProblem && error.code === 'credential-changed')) throw error
    throw linkNotValid()
  }
  // failpoint: use-reset.after-credential
}

/** Ends all sessions, then all links, and tells the owner. Repeatable: the letter is written once for a new password. */
export async function finishReset(deps: Deps, { userId, credentialVersion }: Reset): Promise<void> {
  await logOutEverywhere(deps, { userId })
  // failpoint: use-reset.after-log-out
  await inTransaction(deps.database, async (tx) => {
    await deleteResetsOf(tx, userId)
    const owner = await findUser(tx, userId)
    if (!owner) return
    const facts = { at: new Date().toISOString() }
    await tellUser(tx, owner, { kind: 'password-changed', cause: `reset-${credentialVersion}`, facts })
  })
  deps.postman.wake()
  deps.log.info({ userId }, 'password reset')
}
