import { sql } from 'drizzle-orm'
import { index, int, mysqlTable, varchar } from 'drizzle-orm/mysql-core'
import type { Language } from '../api/schema.ts'
import { instant, jsonText, newId, uuid } from '../database/columns.ts'
import type { Transaction } from '../database/database.ts'

/** Where a letter goes, and its language. People write their own names, so a letter to a stranger must not have one. */
export type Recipient = { email: string; language: Language }

/** What a letter tells, for its words: ids, moments and what was ordered, never a token. */
export type Facts = Readonly<Record<string, unknown>>

/**
 * Letters that a service owes to people, written in the transaction of what they tell. A row stays for some days after
 * it was settled, so that it can be sent again.
 */
export const letters = mysqlTable(
  'letters',
  {
    id: uuid('id').primaryKey(),
    kind: varchar('kind', { length: 40 }).notNull(),
    /** What it was written for. It makes the Message-ID, and no second letter is written for it. */
    cause: varchar('cause', { length: 120 }).notNull().unique(),
    userId: uuid('user_id').notNull(),
    recipient: jsonText<Recipient>('recipient').notNull(),
    facts: jsonText<Facts>('facts').notNull(),
    createdAt: instant('created_at').notNull(),
    /** When it is of no use any more, and is set aside. */
    uselessAt: instant('useless_at').notNull(),
    /** Null once it is settled: sent or set aside. Until then nobody sends it before this time. */
    dueAt: instant('due_at'),
    attempts: int('attempts').notNull().default(0),
    sentAt: instant('sent_at'),
    /** Why it could not be sent the last time. */
    reason: varchar('reason', { length: 200 }),
  },
  (table) => [index('letters_due_at').on(table.dueAt), index('letters_user_id').on(table.userId)],
)

/** A letter to be written. `cause` is what it is about, such as the id of a change; with the kind it is unique. */
export type NewLetter<Kind extends string = string> = {
  kind: Kind
  cause: string
  userId: string
  to: Recipient
  facts: Facts
  usefulForMinutes?: number
}

const USEFUL_FOR_MINUTES = 24 * 60

/**
 * Writes a letter, to be sent if and only if the transaction commits. Whoever does so wakes the postman after that.
 * For the same cause it is written once, however often this runs.
 */
export async function writeLetter(tx: Transaction, letter: NewLetter): Promise<void> {
  await writeLetters(tx, [letter])
}

/** Writes letters by one statement, each as `writeLetter` does. */
export async function writeLetters(tx: Transaction, written: readonly NewLetter[]): Promise<void> {
  const now = sql`now(3)`
  const rows = written.map(
    ({ kind, cause, userId, to: recipient, facts, usefulForMinutes = USEFUL_FOR_MINUTES }) => ({
      id: newId(),
      kind,
      cause: `${kind}.${cause}`,
      userId,
      recipient,
      facts,
      createdAt: now,
      uselessAt: sql`now(3) + interval ${usefulForMinutes} minute`,
      dueAt: now,
    }),
  )
  if (rows.length > 0) await tx.insert(letters).ignore().values(rows)
}
