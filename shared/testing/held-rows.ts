import { sql } from 'drizzle-orm'
import { type Database, inTransaction, type Transaction } from '../database/database.ts'

/**
 * Holds what a transaction locks until the function that it returns is called, like a process that stands still would.
 * Then it is rolled back.
 */
export async function holdRows(
  database: Database,
  lock: (tx: Transaction) => Promise<unknown>,
): Promise<() => Promise<void>> {
  const locked = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  const isLetGo = letGo.promise.then(() => true)
  const rolledBack = new Error('rolled back')
  const holder = inTransaction({ ...database, deadlineMs: 60_000 }, async (tx) => {
    await lock(tx)
    locked.resolve()
    // The server ends a transaction that is silent.
    while (!(await Promise.race([isLetGo, tx.execute(sql`select sleep(0.5)`).then(() => false)])));
    throw rolledBack
  }).catch((error: unknown) => {
    if (error !== rolledBack) throw error
  })
  await Promise.race([locked.promise, holder])
  return () => {
    letGo.resolve()
    return holder
  }
}
