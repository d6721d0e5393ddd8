import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { BY_PRIMARY_KEY } from '@bazaar/shared/database/due'
import { readTogether } from '@bazaar/shared/database/read-together'
import { letters } from '@bazaar/shared/letters/letters'
import { and, eq, inArray, lt, or, sql } from 'drizzle-orm'
import { addresses, emailVerifications, passwordResets, users } from '../tables.ts'
import type { Login } from './login-forms.ts'
import type { Holder, NewUser } from './user.ts'

/** A stored user in any state. */
export type StoredUser = typeof users.$inferSelect

/** A user who may log in. */
export type User = StoredUser & { status: 'ACTIVE'; email: string; mobileNumber: string }

function isActive(user: StoredUser | undefined): user is User {
  return user?.status === 'ACTIVE' && user.email !== null && user.mobileNumber !== null
}

const now = sql`now(3)`

/** The user, if their account is open. */
export async function findUser(connection: Reader, id: string): Promise<User | undefined> {
  const [found] = await connection.select().from(users).where(eq(users.id, id))
  return isActive(found) ? found : undefined
}

/** The user, if their account is open, read together with those of other requests. */
export const readUser = readTogether(async (connection, ids: string[]) => {
  const found = await connection.select().from(users).where(inArray(users.id, ids))
  return ids.map((id) => found.filter(isActive).find((one) => one.id === id))
})

/** The user with this login, if there is one. */
export async function findUserByLogin(connection: Reader, login: Login): Promise<User | undefined> {
  const forms = 'email' in login ? [login.email] : [login.asWritten, login.mobileNumber]
  const column = 'email' in login ? users.email : users.mobileNumber
  const found = await connection.select().from(users).where(inArray(column, forms))
  // Two accounts may have the same number, if they are older than the one form of numbers.
  const asWritten = found.find(({ mobileNumber }) => mobileNumber === forms[0]) ?? found[0]
  return isActive(asWritten) ? asWritten : undefined
}

/** The user, if their account is open, locked until the end of the transaction. */
export async function lockUser(tx: Transaction, id: string): Promise<User | undefined> {
  const [found] = await tx.select().from(users).where(eq(users.id, id)).for('update')
  return isActive(found) ? found : undefined
}

/** Stores a person who begins to sign up. False when the e-mail address or mobile number is taken. */
export async function insertUser(tx: Transaction, user: NewUser & { id: string }): Promise<boolean> {
  const [inserted] = await tx
    .insert(users)
    .ignore()
    .values({
      id: user.id,
      type: user.type,
      status: 'PENDING',
      name: user.name,
      email: user.email,
      mobileNumber: user.mobileNumber,
      language: user.language ?? null,
      version: 1,
      sessionsEpoch: 0,
      createdAt: now,
      changedAt: now,
    })
  return inserted.affectedRows === 1
}

/** The users with the e-mail address or the mobile number, locked until the end of the transaction. */
export async function lockHolders(
  tx: Transaction,
  wanted: { email: string; mobileNumber: string },
): Promise<(StoredUser & Holder)[]> {
  const holds = or(eq(users.email, wanted.email), eq(users.mobileNumber, wanted.mobileNumber))
  const found = await tx.select({ id: users.id }).from(users).where(holds)
  if (found.length === 0) return []
  const ids = found.map(({ id }) => id)
  const holders = await tx
    .select({ user: users, isRecent: sql<number>`${users.createdAt} > ${now} - interval 1 day` })
    .from(users, BY_PRIMARY_KEY)
    .where(and(inArray(users.id, ids), holds))
    .for('update')
  return holders.map(({ user, isRecent }) => ({ ...user, isRecent: isRecent === 1 }))
}

/** Counts another attempt of the same sign-up. */
export async function saveAttempt(tx: Transaction, id: string): Promise<void> {
  await tx
    .update(users)
    .set({ version: sql`${users.version} + 1`, changedAt: now })
    .where(eq(users.id, id))
}

/** Activates the user of a completed sign-up. False when it was done before, or the sign-up has ended otherwise. */
export async function saveActive(tx: Transaction, user: { id: string; name: string }): Promise<boolean> {
  const [saved] = await tx
    .update(users)
    .set({ status: 'ACTIVE', name: user.name, version: 1, changedAt: now, activatedAt: now })
    .where(and(eq(users.id, user.id), eq(users.status, 'PENDING')))
  return saved.affectedRows === 1
}

/** Takes a refused sign-up back, unless another attempt has continued it. */
export async function deleteFirstAttempt(tx: Transaction, id: string): Promise<void> {
  await tx.delete(users).where(and(eq(users.id, id), eq(users.status, 'PENDING'), eq(users.version, 1)))
}

/** Stores a new name, login or language of a user. */
export async function saveProfile(
  tx: Transaction,
  id: string,
  profile: Pick<User, 'name' | 'email' | 'emailVerifiedAt' | 'mobileNumber' | 'language'>,
): Promise<void> {
  await tx
    .update(users)
    .set({ ...profile, version: sql`${users.version} + 1`, changedAt: now })
    .where(eq(users.id, id))
}

/**
 * Ends all sessions of a user for good, except one if it is given: even if Redis still has them, they no longer count
 * as living. Every log-in that is under way then fails to leave a session behind.
 */
export async function saveSessionsEpoch(
  tx: Transaction,
  { userId, exceptId = null }: { userId: string; exceptId?: string | null },
): Promise<void> {
  await tx
    .update(users)
    .set({ sessionsEpoch: sql`${users.sessionsEpoch} + 1`, keptSessionId: exceptId })
    .where(eq(users.id, userId))
}

/** The time at which all sessions of a user were last ended, and the session that was spared. */
export type LastEnding = { epoch: number; keptId: string | null }

/** The time at which all sessions of this user were last ended. */
export function lastEndingOf(user: User): LastEnding {
  return { epoch: user.sessionsEpoch, keptId: user.keptSessionId }
}

/** Whether a session was ended with all the others. Sessions older than the introduction of epochs are accepted. */
export function isEndedBy(
  { epoch, keptId }: LastEnding,
  session: { sessionId: string; epoch?: number | undefined },
): boolean {
  return session.epoch !== undefined && session.epoch < epoch && session.sessionId !== keptId
}

const closing = {
  status: 'CLOSING',
  name: 'Closed account',
  email: null,
  emailVerifiedAt: null,
  mobileNumber: null,
  version: sql`${users.version} + 1`,
  sessionsEpoch: sql`${users.sessionsEpoch} + 1`,
  changedAt: now,
} as const

/** Ends an account in this service: frees the login, and forgets the name, the addresses and the letters. */
export async function saveClosing(tx: Transaction, id: string): Promise<void> {
  await tx.delete(addresses).where(eq(addresses.userId, id))
  await tx.delete(letters).where(eq(letters.userId, id))
  await tx.delete(emailVerifications).where(eq(emailVerifications.userId, id))
  await tx.delete(passwordResets).where(eq(passwordResets.userId, id))
  await tx
    .update(users)
    .set(closing)
    .where(and(eq(users.id, id), eq(users.status, 'ACTIVE')))
}

/** Gives up sign-ups that nobody has continued for a day. */
export async function saveAbandoned(tx: Transaction, most: number): Promise<void> {
  await tx
    .update(users)
    .set(closing)
    .where(and(eq(users.status, 'PENDING'), lt(users.changedAt, sql`${now} - interval 1 day`)))
    .limit(most)
}

/** Users whose account has ended here, but perhaps not in other places. */
export async function listClosing(connection: Reader, most: number): Promise<string[]> {
  const closing = await connection
    .select({ id: users.id })
    .from(users)
    .where(eq(users.status, 'CLOSING'))
    .limit(most)
  return closing.map(({ id }) => id)
}

/** Ends an account for good. If it was never activated, nothing of it is kept. */
export async function saveClosed(tx: Transaction, id: string): Promise<void> {
  const isClosing = and(eq(users.id, id), eq(users.status, 'CLOSING'))
  await tx.delete(users).where(and(isClosing, sql`${users.activatedAt} is null`))
  await tx.update(users).set({ status: 'CLOSED', changedAt: now }).where(isClosing)
}
