import { ANSWERS_KEPT_HOURS } from '../api/headers.ts'
import type { Database } from '../database/database.ts'
import { forgetAnswers } from '../database/idempotency-keys.ts'
import { deleteReceivedBefore } from './inbox.ts'
import { deleteSentBefore } from './outbox.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Long enough to send everything again after a broker has lost its disk. */
const SENT_KEPT_DAYS = 30
/** Longer than any message can take to arrive again. */
const RECEIVED_KEPT_DAYS = 90
/** The rows that one step deletes: an answer may hold a whole order, and a statement has its deadline. */
const BATCH = 200
/** The steps in a row before the next kind of old rows gets its turn. */
const BATCHES_MAX = 50

/** The kinds of old rows, and the way to delete a batch of each. */
const FORGOTTEN = {
  answers: (database: Database) => forgetAnswers(database, { hours: ANSWERS_KEPT_HOURS, most: BATCH }),
  'sent messages': (database: Database) => deleteSentBefore(database, daysAgo(SENT_KEPT_DAYS), BATCH),
  'received messages': (database: Database) =>
    deleteReceivedBefore(database, daysAgo(RECEIVED_KEPT_DAYS), BATCH),
}

type Kind = keyof typeof FORGOTTEN

const EVERY_KIND: readonly Kind[] = ['answers', 'sent messages', 'received messages']

/**
 * Forgets answers to Idempotency-Keys and records of messages that nobody can ask for any more. If one kind cannot be
 * forgotten now, the others still are. `kinds` are those that the service has; all when not given.
 *
 * @throws {AggregateError} naming the kinds that could not be forgotten.
 */
export async function forgetOld(
  database: Database,
  kinds: readonly Kind[] = EVERY_KIND,
): Promise<'more' | 'done'> {
  const failures: Error[] = []
  let more = false
  for (const kind of kinds) {
    try {
      if (await isMore(() => FORGOTTEN[kind](database))) more = true
    } catch (cause) {
      failures.push(new Error(`Cannot forget old ${kind}`, { cause }))
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, failures.map(({ message }) => message).join(', '), {
      cause: failures[0],
    })
  return more ? 'more' : 'done'
}

/** Forgets batch after batch; returns whether there may be more when the next kind gets its turn. */
async function isMore(forgetBatch: () => Promise<number>): Promise<boolean> {
  for (let batch = 0; batch < BATCHES_MAX; batch++) if ((await forgetBatch()) < BATCH) return false
  return true
}

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * DAY_MS)
}
