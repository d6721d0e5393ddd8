import { and, asc, count, desc, eq, inArray, isNull, lt, min, sql } from 'drizzle-orm'
import { type Connection, type Database, inTransaction, type Reader, read } from '../database/database.ts'
import { BY_PRIMARY_KEY, hasCome, listDue } from '../database/due.ts'
import type { Backlog } from '../process/watch-backlog.ts'
import { letters } from './letters.ts'

/** A letter as it is stored. */
export type StoredLetter = typeof letters.$inferSelect

/** A letter that a postman has in hand. */
export type DueLetter = StoredLetter & { isUseless: boolean }

/** Longer than sending one can take; after it another postman takes over. */
const LEASE_SECONDS = 60
/** The longest pause between two attempts, while the server refuses a letter for now or cannot be reached. */
const PAUSE_SECONDS_MAX = { refused: 900, unreachable: 30 }

const isDue = hasCome(letters.dueAt, 2 * PAUSE_SECONDS_MAX.refused)

/** Takes letters in hand; other postmen leave them alone until the lease ends. */
export async function claimLetters(database: Database, most: number): Promise<DueLetter[]> {
  const { id, dueAt } = letters
  const ids = await listDue(database, { table: letters, id, dueAt, where: isDue }, most)
  if (ids.length === 0) return []
  return inTransaction(database, async (tx) => {
    const due = await tx
      .select({ letter: letters, isUseless: sql<number>`${letters.uselessAt} <= now(3)` })
      .from(letters, BY_PRIMARY_KEY)
      .where(and(inArray(id, ids), isDue))
      .limit(most)
      .for('update', { skipLocked: true })
    if (due.length === 0) return []
    await tx
      .update(letters)
      .set({
        dueAt: sql`now(3) + interval ${LEASE_SECONDS} second`,
        attempts: sql`${letters.attempts} + 1`,
      })
      .where(
        inArray(
          id,
          due.map(({ letter }) => letter.id),
        ),
      )
    return due.map(({ letter, isUseless }) => ({ ...letter, isUseless: isUseless === 1 }))
  })
}

/** Notes that a letter was handed over. */
export async function saveSent(connection: Connection, id: string): Promise<void> {
  await connection
    .update(letters)
    .set({ dueAt: null, sentAt: sql`now(3)`, reason: null })
    .where(eq(letters.id, id))
}

/** Returns a letter to be tried again after 2 s, 4 s … , unless another postman has sent it in the meantime. */
export async function saveUnsent(
  connection: Connection,
  id: string,
  failure: { reason: string; server: 'refused' | 'unreachable' },
): Promise<void> {
  const most = PAUSE_SECONDS_MAX[failure.server]
  await connection
    .update(letters)
    .set({
      dueAt: sql`now(3) + interval least(${most}, pow(2, least(${letters.attempts}, 10))) second`,
      reason: failure.reason,
    })
    .where(and(eq(letters.id, id), isNull(letters.sentAt)))
}

/** Sets a letter aside: only an operator sends it now. */
export async function saveSetAside(connection: Connection, id: string, reason: string): Promise<void> {
  await connection
    .update(letters)
    .set({ dueAt: null, reason })
    .where(and(eq(letters.id, id), isNull(letters.sentAt)))
}

/** The letters that are not sent, the newest first; or all to one person. */
export async function listLetters(
  connection: Reader,
  { userId, most }: { userId?: string | undefined; most: number },
): Promise<StoredLetter[]> {
  return connection
    .select()
    .from(letters)
    .where(userId === undefined ? isNull(letters.sentAt) : eq(letters.userId, userId))
    .orderBy(desc(letters.id))
    .limit(most)
}

/** The letter with this id. */
export async function findLetter(connection: Reader, id: string): Promise<StoredLetter | undefined> {
  const [found] = await connection.select().from(letters).where(eq(letters.id, id))
  return found
}

/** Makes settled letters due again, as if they were new: one, or all that were set aside. Returns their number. */
export async function sendAgain(database: Database, id?: string): Promise<number> {
  const which = id === undefined ? isNull(letters.sentAt) : eq(letters.id, id)
  const [result] = await inTransaction(database, (tx) =>
    tx
      .update(letters)
      .set({
        dueAt: sql`now(3)`,
        sentAt: null,
        attempts: 0,
        uselessAt: sql`greatest(${letters.uselessAt}, now(3) + interval 1 hour)`,
      })
      .where(and(which, isNull(letters.dueAt))),
  )
  return result.affectedRows
}

/** The number of letters that wait, and the age of the oldest. */
export async function letterBacklog(database: Database): Promise<Backlog> {
  const [row] = await read(database, (db) =>
    db
      .select({
        waiting: count(),
        oldestAgeSeconds:
          sql`coalesce(timestampdiff(microsecond, ${min(letters.createdAt)}, now(3)) / 1e6, 0)`.mapWith(
            Number,
          ),
      })
      .from(letters)
      .where(sql`${letters.dueAt} is not null`),
  )
  return row ?? { waiting: 0, oldestAgeSeconds: 0 }
}

/** Deletes up to `most` settled letters that are older than `days`, and with them the addresses in them. */
export async function deleteOldLetters(database: Database, days: number, most: number): Promise<number> {
  const old = and(isNull(letters.dueAt), lt(letters.createdAt, sql`now(3) - interval ${days} day`))
  const found = await read(database, (db) =>
    db.select({ id: letters.id }).from(letters).where(old).orderBy(asc(letters.id)).limit(most),
  )
  if (found.length === 0) return 0
  const ids = found.map(({ id }) => id)
  await inTransaction(database, (tx) => tx.delete(letters).where(and(inArray(letters.id, ids), old)))
  return found.length
}
