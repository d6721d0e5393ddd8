import { DependencyUnavailable } from '../problem.ts'

const LOCK_WAIT = 1205

const RETRY = new Map([
  [1213, 'deadlock'], // InnoDB rolled the whole transaction back
  [LOCK_WAIT, 'lock-wait'], // it timed out: InnoDB rolled back the statement only, so the caller must roll back
  [1020, 'changed'], // record changed since last read (innodb_snapshot_isolation)
])

const UNAVAILABLE = new Set([
  3, // a write to a file failed, as on a full disk
  1021, // disk full
  1026, // a write to a file failed
  1030, // the storage engine failed, as on a full disk
  1040, // too many connections
  1044, // access to the database denied: not (or no longer) set up for us
  1045, // access denied
  1049, // unknown database
  1053, // server shutdown in progress
  1077, // normal shutdown
  1114, // a table is full, as on a full disk
  1129, // host blocked after many connection errors
  1203, // user has too many connections
  1226, // resource limit of the user
  1290, // running with --read-only
  1792, // the transaction is read-only: MySQL was told that all are
  1317, // query interrupted
  1836, // read-only mode
  1969, // max_statement_time exceeded
  3024, // max_execution_time exceeded
  3100, // a member of a group that has lost its majority commits nothing
])

const LOST = new Set([
  1927, // connection was killed
  2006, // server has gone away
  2013, // lost connection during the query
  4031, // closed by MySQL, because the client said nothing for too long
])

const DUPLICATE = 1062

/**
 * What an error of a statement means for its transaction: `retry` (roll back and run it all again), `lost` (the
 * connection broke, which rolls back too: run it all again on another), `unavailable` (the database cannot be used
 * now), or `other`, an error that repeating would not cure.
 */
export function classify(error: unknown): 'retry' | 'lost' | 'unavailable' | 'other' {
  if (isTooLate(error)) return 'unavailable'
  const driver = driverError(error)
  if (!driver) return 'other'
  const { errno, code } = driver
  if (errno !== undefined && RETRY.has(errno)) return 'retry'
  if (errno !== undefined && UNAVAILABLE.has(errno)) return 'unavailable'
  if (errno !== undefined && LOST.has(errno)) return 'lost'
  if (driver.closed || ['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE'].includes(code ?? '')) return 'lost'
  const isUnreachable =
    driver.fatal ||
    code?.startsWith('PROTOCOL_') ||
    ['ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'].includes(code ?? '')
  return isUnreachable ? 'unavailable' : 'other'
}

/** One of our own deadlines passed; Drizzle may have wrapped that in a statement error. */
function isTooLate(error: unknown): boolean {
  return (
    error instanceof DependencyUnavailable ||
    (error instanceof Error && error.cause instanceof DependencyUnavailable)
  )
}

/**
 * The reason for running a transaction again: `deadlock`, `lock-wait`, `changed`, or `lost` for a broken connection.
 */
export function retryReason(error: unknown): string {
  return RETRY.get(driverError(error)?.errno ?? 0) ?? 'lost'
}

/** Whether a statement waited for a row that somebody else holds for too long. */
export function isLockWait(error: unknown): boolean {
  return driverError(error)?.errno === LOCK_WAIT
}

/**
 * The name of the unique key that a statement violated, such as `users_email_unique`, or undefined for any other
 * error.
 */
export function duplicateKey(error: unknown): string | undefined {
  const driver = driverError(error)
  if (driver?.errno !== DUPLICATE) return undefined
  const quoted = /for key '([^']+)'/.exec(driver.message)?.[1] ?? 'unknown'
  return quoted.split('.').at(-1)
}

const ACCESS_DENIED = new Set([1142, 1143])
const NO_SUCH_TABLE = 1146

/** The missing right that made a statement fail, such as `UPDATE`, or undefined for any other error. */
export function deniedRight(error: unknown): string | undefined {
  const driver = driverError(error)
  if (driver?.errno === undefined || !ACCESS_DENIED.has(driver.errno)) return undefined
  return /\b([A-Z]+) command denied/.exec(driver.message)?.[1] ?? 'unknown'
}

/** Whether a statement named a table that does not exist. */
export function isMissingTable(error: unknown): boolean {
  return driverError(error)?.errno === NO_SUCH_TABLE
}

type DriverError = { errno?: number; code?: string; fatal: boolean; closed: boolean; message: string }

function driverError(error: unknown): DriverError | undefined {
  for (
    let current = error, depth = 0;
    current instanceof Error && depth < 4;
    current = current.cause, depth++
  ) {
    const errno: unknown = Reflect.get(current, 'errno')
    const code: unknown = Reflect.get(current, 'code')
    const closed = /closed state/.test(current.message)
    if (typeof errno === 'number' || typeof code === 'string' || closed) {
      return {
        ...(typeof errno === 'number' ? { errno } : {}),
        ...(typeof code === 'string' ? { code } : {}),
        fatal: Reflect.get(current, 'fatal') === true,
        closed,
        message: current.message,
      }
    }
  }
  return undefined
}
