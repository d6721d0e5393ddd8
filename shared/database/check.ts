import { sql } from 'drizzle-orm'
import { DependencyUnavailable } from '../problem.ts'
import { type Database, read } from './database.ts'

/**
 * Checks that the database answers and keeps what it promises. It must take changes, and a commit must be on the disk
 * before it counts, because otherwise a power cut would lose acknowledged orders. A connection to a read-only server
 * is dropped, because the same address may lead to the server that took over.
 */
export function databaseCheck(database: Database): () => Promise<string | undefined> {
  return async () => {
    let isReadOnly = false
    const asked = read(database, async (connection) => {
      const [settings] = await connection
        .select({
          // Zero in MySQL, a word in newer MariaDB.
          readOnly: sql<number>`@@global.read_only not in ('0', 'OFF') or @@global.innodb_read_only`,
          flush: sql<number>`@@innodb_flush_log_at_trx_commit`,
          binlog: sql<number>`@@log_bin`,
          binlogFlush: sql<number>`@@sync_binlog`,
        })
        .from(sql`dual`)
      isReadOnly = Number(settings?.readOnly) === 1
      if (isReadOnly) throw new DependencyUnavailable('database')
      return settings
    })
    const settings = await asked.catch((error: unknown) => {
      if (isReadOnly) return undefined
      throw error
    })
    if (isReadOnly) return 'must not be read-only'
    if (settings?.flush !== 1) return 'innodb_flush_log_at_trx_commit must be 1'
    return settings.binlog === 1 && settings.binlogFlush !== 1 ? 'sync_binlog must be 1' : undefined
  }
}
