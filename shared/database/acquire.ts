import type mysql from 'mysql2/promise'
import { DependencyUnavailable } from '../problem.ts'
import { DeadlineExceeded, within } from '../process/deadline.ts'
import { refuseInsideTransaction } from '../process/inside-transaction.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { inSpan } from '../telemetry/spans.ts'
import { statementSpan } from './statement-span.ts'

/** A pool of connections, and the time that there is for each. */
export type Pool = {
  pool: mysql.Pool
  log: Log
  metrics?: Pick<Metrics, 'connectionsInUse' | 'connectionWaitSeconds'> | undefined
  /** The time to wait for a connection. */
  acquireTimeoutMs: number
  /** The time from asking for a connection to its first answer, and then for each statement. */
  statementTimeoutMs: number
}

/** A connection from the pool, or a prompt refusal. The pool itself would wait forever. */
export async function acquire(database: Pool): Promise<mysql.PoolConnection> {
  refuseInsideTransaction('take another connection')
  const askedAt = performance.now()
  const wanted = database.pool.getConnection()
  try {
    const connection = await within(database.acquireTimeoutMs, wanted, 'no connection came in time')
    const waitedMs = performance.now() - askedAt
    database.metrics?.connectionWaitSeconds.observe(waitedMs / 1_000)
    return counted(database, withDeadlines(database, connection, waitedMs))
  } catch (error) {
    wanted.then(
      (late) => late.release(),
      (late: unknown) => database.log.debug({ error: late }, 'a connection that came too late had failed'),
    )
    throw error instanceof DependencyUnavailable
      ? error
      : new DependencyUnavailable('database', { cause: error })
  }
}

/**
 * The same connection with a deadline on each statement. The first statement gets the time that waiting for the
 * connection has left.
 * @throws {DependencyUnavailable} when no time is left, as can happen in a process that was paused.
 */
function withDeadlines(
  database: Pool,
  connection: mysql.PoolConnection,
  waitedMs: number,
): mysql.PoolConnection {
  let timeoutMs = database.statementTimeoutMs - waitedMs
  if (timeoutMs <= 0) throw new DependencyUnavailable('database')
  const query = (...statement: Parameters<typeof connection.query>) => {
    const leftMs = timeoutMs
    timeoutMs = database.statementTimeoutMs
    return inSpan(
      () => statementSpan(statement[0]),
      () => cutAfter(leftMs, connection, connection.query(...statement)),
    )
  }
  return Object.assign(Object.create(connection), { query })
}

/** Counts the connection as one in use until it is given back or cut, which may be done more than once. */
function counted({ metrics }: Pool, connection: mysql.PoolConnection): mysql.PoolConnection {
  if (!metrics) return connection
  let inUse = true
  const ending = (end: () => void) => () => {
    if (inUse) metrics.connectionsInUse.dec()
    inUse = false
    end()
  }
  metrics.connectionsInUse.inc()
  return Object.assign(connection, {
    release: ending(connection.release.bind(connection)),
    destroy: ending(connection.destroy.bind(connection)),
  })
}

/**
 * Waits for work on one connection. After the deadline the connection is cut, so that nothing goes on in the
 * background.
 * @throws {DependencyUnavailable} after the deadline.
 */
export async function cutAfter<T>(
  deadlineMs: number,
  connection: mysql.PoolConnection,
  work: Promise<T>,
): Promise<T> {
  try {
    return await within(deadlineMs, work, 'the database did not answer in time')
  } catch (error) {
    if (!(error instanceof DeadlineExceeded)) throw error
    connection.destroy()
    throw new DependencyUnavailable('database', { cause: error })
  }
}
