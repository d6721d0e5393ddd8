import { gatherOn } from '../process/gather.ts'
import { type Database, type Reader, read } from './database.ts'

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
