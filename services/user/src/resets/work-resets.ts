import { RemoteProblem } from '@bazaar/shared/clients/client'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, read } from '@bazaar/shared/database/database'
import { loginOf } from '../accounts/login-forms.ts'
import { findUserByLogin, lockUser, type User } from '../accounts/user-store.ts'
import type { Deps } from '../deps.ts'
import { linkToken, tokenHash } from '../letters/link-token.ts'
import { tellUser } from '../letters/tell-user.ts'
import {
  type BegunReset,
  countResets,
  deleteExpired,
  deleteRequest,
  deleteReset,
  insertReset,
  listBegun,
  listRequests,
  RESET_MINUTES,
  saveLookedAt,
} from './reset-store.ts'
import { finishReset } from './use-reset.ts'

const AT_ONCE = 20
/** Enough for somebody who asks again, too few to fill the mailbox of somebody who did not ask. */
const LINKS_PER_USER_MAX = 3

/**
 * Answers those who forgot their password: writes a letter with a link to each who has an account, and finishes resets
 * that broke off. Repeatable at every point, and several may run.
 */
export async function workResets(deps: Deps): Promise<'more' | 'done'> {
  const { database } = deps
  const asked = await read(database, (connection) => listRequests(connection, AT_ONCE))
  const answered = await Promise.all(asked.map((request) => attempt(deps, () => answer(deps, request))))
  const begun = await read(database, (connection) => listBegun(connection, AT_ONCE))
  await Promise.all(begun.map((reset) => attempt(deps, () => bringToItsEnd(deps, reset))))
  await inTransaction(database, (tx) => deleteExpired(tx, AT_ONCE))
  return asked.length === AT_ONCE && answered.includes(true) ? 'more' : 'done'
}

/** Whether it went well; what did not is there again in the next round. */
async function attempt({ log }: Deps, work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    log.warn({ error }, 'a password reset cannot be moved on yet')
    return false
  }
}

async function answer(deps: Deps, { id, login }: { id: string; login: string }): Promise<void> {
  const user = await userOf(deps, login)
  const credentialVersion = user && (await credentialVersionOf(deps, user.id))
  await inTransaction(deps.database, async (tx) => {
    if (!(await deleteRequest(tx, id)) || credentialVersion === undefined) return
    const present = await lockUser(tx, user?.id ?? '')
    if (!present || (await countResets(tx, present.id)) >= LINKS_PER_USER_MAX) return
    const resetId = newId()
    const hash = tokenHash(linkToken(deps.linkSecret, 'password-reset', resetId))
    await insertReset(tx, { id: resetId, userId: present.id, tokenHash: hash, credentialVersion })
    const letter = { cause: resetId, facts: { resetId }, usefulForMinutes: RESET_MINUTES }
    await tellUser(tx, present, { kind: 'password-reset', ...letter })
  })
  deps.postman.wake()
}

async function userOf({ database }: Deps, text: string): Promise<User | undefined> {
  const login = loginOf(text)
  return login && read(database, (connection) => findUserByLogin(connection, login))
}

async function credentialVersionOf({ iam }: Deps, userId: string): Promise<number | undefined> {
  try {
    return (await iam.readCredential({ params: { userId } })).body.credentialVersion
  } catch (error) {
    if (error instanceof RemoteProblem && error.code === 'not-found') return undefined
    throw error
  }
}

/** Whether the new password was stored, only the identity service knows: by the version of the credential. */
async function bringToItsEnd(deps: Deps, reset: BegunReset): Promise<void> {
  const { id, userId, credentialVersion, isOver } = reset
  const version = await credentialVersionOf(deps, userId)
  if (version !== undefined && version > credentialVersion) return await finishReset(deps, reset)
  const isGone = isOver || version === undefined
  await inTransaction(deps.database, (tx) => (isGone ? deleteReset(tx, id) : saveLookedAt(tx, id)))
}
