import { DomainError } from '../problem.ts'
import { gatherOn } from '../process/gather.ts'
import { type Database, type Reader, read } from './database.ts'

/** At most so many questions are under way at a time; each may be asked by this many. */
const READ_ONCE = {
  of: 'database',
  batchMax: 1_024,
  atOnce: 8,
  waitingMax: 1_024,
  isKeyedApart: true,
} as const

/** At most so many keys are looked up by one statement, in so many statements at a time; this many more may wait. */
const READ_TOGETHER = { of: 'database', batchMax: 64, atOnce: 4, waitingMax: 1_024 } as const

/**
 * Looks things up, those that requests ask for at the same time by one statement. `find` gets their keys and answers for
 * each, in their order. A look-up begins after it was asked for, so it sees everything that was stored before.
 *
 * The function throws {DependencyUnavailable} when the database cannot be reached, or when too much waits for it.
 */
export function readTogether<Key, Found>(
  find: (connection: Reader, keys: Key[]) => Promise<(Found | Error)[]>,
): (database: Database, key: Key) => Promise<Found> {
  return gatherOn(
    (database: Database, keys: Key[]) => read(database, (connection) => find(connection, keys)),
    READ_TOGETHER,
  )
}

/**
 * Answers a question once for all who ask it at the same time. An answer is looked for after it was asked for, as with
 * `readTogether`. `keyOf` tells questions apart.
 *
 * The function throws {DependencyUnavailable} when too much waits for the database, and what `answer` throws.
 */
export function readOnce<Owner extends object, Question, Answer>(
  answer: (owner: Owner, question: Question) => Promise<Answer>,
  keyOf: (question: Question) => string,
): (owner: Owner, question: Question) => Promise<Answer> {
  return gatherOn<Owner, Question, Answer>(
    async (owner: Owner, [question, ...same]: Question[]) => {
      if (question === undefined) return []
      const answered = await answer(owner, question).catch((error: unknown) => {
        if (error instanceof DomainError) return error
        throw error
      })
      return [answered, ...same.map(() => answered)]
    },
    { ...READ_ONCE, keyOf },
  )
}
