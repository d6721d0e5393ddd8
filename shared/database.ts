import { sql } from 'drizzle-orm'
import { drizzle, type MySql2Database } from 'drizzle-orm/mysql2'
import mysql from 'mysql2/promise'
import { classify } from './database-errors.ts'
import type { Log } from './log.ts'
import { DependencyUnavailable, OutcomeUnknown } from './problem.ts'

const insideTransaction = Symbol('inside a transaction')

/** One connection to run single statements on. */
export type Connection = MySql2Database

/** A connection inside a transaction. What must not run outside one asks for this type. */
export type Transaction = Connection & { readonly [insideTransaction]: true }

/** The database of one service: its pool of connections and the deadlines of its work. */
export type Database = { pool: mysql.Pool; log: Log; acquireTimeoutMs: number; deadlineMs: number }

const ATTEMPTS_MAX = 5
const QUEUE_PER_CONNECTION = 16

/**
 * Opens the pool of a service's database. Connections are made when needed, so the service may start before
 * its database. Every session works in READ COMMITTED (no gap locks: two orders never deadlock on an absence)
 * and in UTC, and waits at most two seconds for a row.
 */
export function connectDatabase(options: { url: string; poolMax: number; log: Log }): Database {
  const pool = mysql.createPool({
    uri: options.url,
    connectionLimit: options.poolMax,
    queueLimit: options.poolMax * QUEUE_PER_CONNECTION,
    connectTimeout: 1_500,
    supportBigNumbers: true,
    timezone: 'Z',
    charset: 'utf8mb4',
  })
  pool.on('connection', (connection) => {
    // Queued before any statement of ours. A failure closes the connection, and the next one tries again.
    connection.query('set session transaction isolation level read committed')
    connection.query("set session time_zone = '+00:00', innodb_lock_wait_timeout = 2")
  })
  return { pool, log: options.log, acquireTimeoutMs: 1_000, deadlineMs: 4_000 }
}

/** Closes all connections. To be called when nothing uses the database any more. */
export async function closeDatabase(database: Database): Promise<void> {
  await database.pool.end()
}

/**
 * Runs a read. Repeated once when the connection had died in the pool.
 * @throws {DependencyUnavailable} when the database cannot be reached or does not answer in time.
 */
export async function read<T>(database: Database, work: (connection: Connection) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const connection = await acquire(database)
    try {
      const answer = await within(database.deadlineMs, connection, work(drizzle({ client: connection })))
      connection.release()
      return answer
    } catch (error) {
      const kind = classify(error)
      if (kind === 'unavailable') connection.destroy()
      else connection.release()
      if (kind !== 'unavailable') throw error
      if (attempt > 1 || error instanceof DependencyUnavailable)
        throw new DependencyUnavailable('database', { cause: error })
    }
  }
}

/**
 * Runs `work` in a transaction and commits it. A deadlock or a lock wait that timed out rolls the whole back
 * and runs `work` again, so `work` must hold nothing but SQL: no call to anything else, no change outside.
 *
 * @throws {DependencyUnavailable} when nothing was changed because the database could not be used.
 * @throws {OutcomeUnknown} when the commit itself broke off.
 */
export async function inTransaction<T>(
  database: Database,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const connection = await acquire(database)
    let committing = false
    try {
      const answer = await within(database.deadlineMs, connection, run())
      connection.release()
      return answer
    } catch (error) {
      const kind = classify(error)
      if (committing || kind === 'unavailable') connection.destroy()
      else await rollback(database, connection)
      if (committing) throw new OutcomeUnknown(error)
      if (kind === 'other') throw error
      if (kind === 'unavailable') throw new DependencyUnavailable('database', { cause: error })
      if (attempt === ATTEMPTS_MAX) throw new DependencyUnavailable('database', { cause: error })
      database.log.debug({ attempt, error }, 'transaction is tried again')
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt))
    }

    async function run(): Promise<T> {
      await connection.query('start transaction')
      const tx: Transaction = Object.assign(drizzle({ client: connection }), {
        [insideTransaction]: true as const,
      })
      const answer = await work(tx)
      committing = true
      await connection.query('commit')
      return answer
    }
  }
}

/** A connection of the pool, or a prompt refusal: the pool itself would wait without end. */
async function acquire(database: Database): Promise<mysql.PoolConnection> {
  const wanted = database.pool.getConnection()
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DependencyUnavailable('database')), database.acquireTimeoutMs)
  })
  try {
    return await Promise.race([wanted, tooLate])
  } catch (error) {
    wanted.then(
      (late) => late.release(),
      (late: unknown) => database.log.debug({ error: late }, 'a connection that came too late had failed'),
    )
    throw error instanceof DependencyUnavailable
      ? error
      : new DependencyUnavailable('database', { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** Bounds work on one connection. Past the deadline the connection is cut, so that nothing goes on behind. */
async function within<T>(deadlineMs: number, connection: mysql.PoolConnection, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      connection.destroy()
      reject(new DependencyUnavailable('database'))
    }, deadlineMs)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

async function rollback(database: Database, connection: mysql.PoolConnection): Promise<void> {
  try {
    await within(database.acquireTimeoutMs, connection, connection.query('rollback'))
    connection.release()
  } catch (error) {
    database.log.warn({ error }, 'rollback failed; the connection is dropped, which rolls back as well')
    connection.destroy()
  }
}

/**
 * Whether the database answers, and keeps what it promises: a commit must be on the disk before it counts, or
 * a power cut takes acknowledged orders with it.
 */
export function databaseCheck(database: Database): () => Promise<string | undefined> {
  return async () => {
    const [settings] = await read(database, (connection) =>
      connection.select({ flush: sql<number>`@@innodb_flush_log_at_trx_commit` }).from(sql`dual`),
    )
    return settings?.flush === 1 ? undefined : 'innodb_flush_log_at_trx_commit must be 1'
  }
}
