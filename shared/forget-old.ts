import type { Database } from './database.ts'
import { forgetAnswers } from './idempotency-keys.ts'
import { deleteReceivedBefore } from './inbox.ts'
import { deleteSentBefore } from './outbox.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Long enough to send everything again after a broker has lost its disk. */
const SENT_KEPT_DAYS = 30
/** Longer than any message can still come again. */
const RECEIVED_KEPT_DAYS = 90
/** A mistake of Friday can still be repeated on Monday. */
const ANSWERS_KEPT_HOURS = 72
const ANSWERS_AT_ONCE = 1_000

/** Forgets answers to Idempotency-Keys and records of messages that nobody can ask for any more. */
export async function forgetOld(database: Database): Promise<'more' | 'done'> {
  const answers = await forgetAnswers(database, { hours: ANSWERS_KEPT_HOURS, most: ANSWERS_AT_ONCE })
  await deleteSentBefore(database, new Date(Date.now() - SENT_KEPT_DAYS * DAY_MS))
  await deleteReceivedBefore(database, new Date(Date.now() - RECEIVED_KEPT_DAYS * DAY_MS))
  return answers === ANSWERS_AT_ONCE ? 'more' : 'done'
}
