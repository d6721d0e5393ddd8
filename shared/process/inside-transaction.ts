import { AsyncLocalStorage } from 'node:async_hooks'

/*
 * A transaction locks rows that others wait for, and its work may run again. So nothing in it may wait for anything
 * but its own connection. Code that calls another service, Redis or the broker, or takes a second connection, finds
 * out here, on the first run and not in the first storm.
 */

const transaction = new AsyncLocalStorage<true>()

/** Runs the work of a transaction; everything it calls can tell that it is inside one. */
export function insideTransaction<T>(work: () => Promise<T>): Promise<T> {
  return transaction.run(true, work)
}

/**
 * Call it before anything that must not happen while rows are locked.
 * @throws {Error} inside a transaction: it is a mistake in the program.
 */
export function refuseInsideTransaction(what: string): void {
  if (transaction.getStore())
    throw new Error(`Cannot ${what} inside a transaction: others wait for its rows, and it may run again`)
}
