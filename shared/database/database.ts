import { drizzle, type MySql2Database } from 'drizzle-orm/mysql2'
import mysql from 'mysql2/promise'
import { DependencyUnavailable, InvariantViolation, OutcomeUnknown, RowHeld } from '../problem.ts'
import type { Patience } from '../process/gather.ts'
import { insideTransaction as inside } from '../process/inside-transaction.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { acquire, cutAfter, type Pool } from './acquire.ts'
import { classify, isLockWait, retryReason } from './errors.ts'

const insideTransaction = Symbol('inside a transaction')

/** A connection to run single statements on, each of which commits by itself. */
export type Connection = MySql2Database

/** A connection to read on. It cannot write; a connection and a transaction can be read on as well. */
export type Reader = Pick<Connection, 'select' | 'selectDistinct' | '$count'>

/** A connection inside a transaction. A function that must not run outside one asks for this type. */
export type Transaction = Connection & { readonly [insideTransaction]: true }

/** The database numbers that an operator watches. */
type Counters = Pick<
  Metrics,
  'invariantViolations' | 'transactionRetries' | 'connectionsInUse' | 'connectionWaitSeconds'
>

/** The database of one service: its pool of connections and the deadlines of its work. */
export type Database = Pool & {
  metrics?: Counters | undefined
  /** The time for one attempt as a whole; after it nothing is tried again. */
  deadlineMs: number
}

/** Waiting again for a row that somebody else holds, as long as the deadline lets it. */
const PATIENT: Patience = { isPatient: true }
const ATTEMPTS_MAX = 5
const QUEUE_PER_CONNECTION = 16
/** The longest silence inside a transaction: far longer than any pause of a running process. */
const SILENCE_SECONDS_MAX = 5

/**
 * Opens the pool of a service's database. Connections are made when needed, so the service may start before its
 * database. Every session works in READ COMMITTED (without gap locks, so two orders never deadlock on an absent row)
 * and in UTC, and waits at most a second for a row. The server ends a transaction that is silent for five seconds,
 * because a stopped process must not hold rows that others wait for. MySQL can only end every session that is silent
 * for so long, so the pool closes idle connections earlier.
 *
 * A database that does not answer is noticed within two seconds, because clients are promised an answer by then.
 */
export function connectDatabase(options: {
  url: string
  poolMax: number
  log: Log
  metrics?: Counters
}): Database {
  const pool = mysql.createPool({
    uri: options.url,
    connectionLimit: options.poolMax,
    queueLimit: options.poolMax * QUEUE_PER_CONNECTION,
    connectTimeout: 1_500,
    // The driver looks for idle connections every second, so one is gone before the server closes it. It looks only
    // if fewer connections may be idle than may exist.
    maxIdle: options.poolMax - 1,
    gracefulEnd: true,
    idleTimeout: (SILENCE_SECONDS_MAX - 2) * 1_000,
    supportBigNumbers: true,
    timezone: 'Z',
    charset: 'utf8mb4',
    // Otherwise each statement would pay for a stack trace, just in case it fails.
    trace: false,
  })
  pool.on('connection', (connection) => {
    // Queued before any statement of ours. If it fails, the connection is closed and the next one tries again.
    connection.query('set session transaction isolation level read committed')
    connection.query(
      `set session time_zone = '+00:00', innodb_lock_wait_timeout = 1
        /*M! , idle_transaction_timeout = ${SILENCE_SECONDS_MAX} */ /*!80000 , wait_timeout = ${SILENCE_SECONDS_MAX} */`,
    )
  })
  const { log, metrics } = options
  return { pool, log, metrics, acquireTimeoutMs: 1_000, statementTimeoutMs: 1_800, deadlineMs: 4_000 }
}

/** Closes all connections. Call it when nothing uses the database any more. */
export async function closeDatabase(database: Database): Promise<void> {
  await database.pool.end()
}

/**
 * Runs a read. If the connection breaks, the read is repeated, because reading twice does no harm.
 * @throws {DependencyUnavailable} when the database cannot be reached or does not answer in time.
 */
export async function read<T>(database: Database, work: (connection: Reader) => Promise<T>): Promise<T> {
  return repeatably(database, work)
}

/**
 * Runs statements that commit one by one. If the connection breaks, all are repeated from the start, so each must
 * give the same result when it runs again.
 *
 * @throws {DependencyUnavailable} when the database cannot be reached or does not answer in time; the change may have
 * been made.
 * @throws {RowHeld} when it is not patient and somebody else holds a row.
 */
export async function repeatably<T>(
  database: Database,
  work: (connection: Connection) => Promise<T>,
  { isPatient }: Patience = PATIENT,
): Promise<T> {
  const startedAt = performance.now()
  for (let attempt = 1; ; attempt++) {
    const connection = await acquire(database)
    try {
      const answer = await cutAfter(database.deadlineMs, connection, work(drizzle({ client: connection })))
      connection.release()
      return answer
    } catch (error) {
      const kind = classify(error)
      if (kind === 'other' || kind === 'retry') connection.release()
      else connection.destroy()
      if (kind === 'other') throw error
      if (!isPatient && isLockWait(error)) throw new RowHeld(error)
      if (kind === 'unavailable' || isLast(database, { attempt, startedAt }))
        throw new DependencyUnavailable('database', { cause: error })
    }
  }
}

/**
 * Runs `work` in a transaction and commits it. After a deadlock, a lock wait timeout or a connection that broke
 * before the commit, everything is rolled back and `work` runs again. So `work` must contain nothing but SQL: no
 * calls to anything else, no changes outside.
 *
 * @throws {DependencyUnavailable} when nothing was changed because the database could not be used.
 * @throws {OutcomeUnknown} when the connection broke during the commit.
 * @throws {RowHeld} when it is not patient and somebody else holds a row.
 */
export async function inTransaction<T>(
  database: Database,
  work: (tx: Transaction) => Promise<T>,
  { isPatient }: Patience = PATIENT,
): Promise<T> {
  const startedAt = performance.now()
  for (let attempt = 1; ; attempt++) {
    const connection = await acquire(database)
    let committing = false
    try {
      const answer = await cutAfter(database.deadlineMs, connection, inside(run))
      connection.release()
      return answer
    } catch (error) {
      const kind = classify(error)
      if (committing || kind === 'unavailable' || kind === 'lost') connection.destroy()
      else await rollback(database, connection)
      if (committing) throw new OutcomeUnknown(error)
      if (error instanceof InvariantViolation) report(database, error)
      if (kind === 'other') throw error
      if (!isPatient && isLockWait(error)) throw new RowHeld(error)
      if (kind === 'unavailable' || isLast(database, { attempt, startedAt }))
        throw new DependencyUnavailable('database', { cause: error })
      database.metrics?.transactionRetries.inc({ reason: retryReason(error) })
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

function isLast(database: Database, { attempt, startedAt }: { attempt: number; startedAt: number }): boolean {
  return attempt === ATTEMPTS_MAX || performance.now() - startedAt > database.deadlineMs
}

/** The operator has to look at once, although nothing is broken yet. */
function report(database: Database, error: InvariantViolation): void {
  database.metrics?.invariantViolations.inc({ invariant: error.invariant })
  database.log.fatal({ error, invariant: error.invariant }, 'an invariant was about to be broken')
}

async function rollback(database: Database, connection: mysql.PoolConnection): Promise<void> {
  try {
    await cutAfter(database.acquireTimeoutMs, connection, connection.query('rollback'))
    connection.release()
  } catch (error) {
    database.log.warn({ error }, 'rollback failed; the connection is dropped, which rolls back as well')
    connection.destroy()
  }
}
