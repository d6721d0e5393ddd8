/**
 * How orders that are placed at the same time are gathered: at most so many lines share a transaction, more would not
 * make it faster. While one transaction waits for an order that somebody else has locked, another goes on.
 */
export const GATHERED = { of: 'database', batchMax: 64, waitingMax: 512, atOnce: 2 } as const
