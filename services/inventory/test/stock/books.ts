import { type Database, repeatably } from '@bazaar/shared/database/database'
import { reservationLines, stock, stockMovements } from '../../src/tables.ts'

const BY_ORDERS = ['RESERVED', 'RELEASED', 'EXPIRED']

/**
 * What must hold of all stock at every moment, and does not: every counter is the sum of its ledger; every line of
 * a ledger follows from the one before; what sellers put in is either there or reserved.
 */
export async function faultsInBooks(database: Database): Promise<string[]> {
  const { counters, movements, lines } = await repeatably(database, async (connection) => {
    // One moment for all three: in READ COMMITTED every statement would see another one.
    await connection.execute('set transaction isolation level repeatable read')
    await connection.execute('start transaction with consistent snapshot')
    const counters = await connection.select().from(stock)
    const movements = await connection
      .select()
      .from(stockMovements)
      .orderBy(stockMovements.productId, stockMovements.sequence)
    const lines = await connection.select().from(reservationLines)
    await connection.execute('commit')
    return { counters, movements, lines }
  })
  return counters.flatMap(({ productId, stockCount, lastSequence }) => {
    const faults: string[] = []
    const own = movements.filter((movement) => movement.productId === productId)
    let count = 0
    let putIn = 0
    for (const [index, { delta, sequence, stockAfter, reason }] of own.entries()) {
      count += delta
      if (!BY_ORDERS.includes(reason)) putIn += delta
      if (sequence !== index + 1) faults.push(`movement ${index + 1} is numbered ${sequence}`)
      if (stockAfter !== count)
        faults.push(`there are ${stockAfter} after movement ${sequence}, not ${count}`)
    }
    const reserved = lines
      .filter((line) => line.productId === productId)
      .reduce((sum, { quantity, releasedQuantity }) => sum + quantity - releasedQuantity, 0)
    if (own.length !== lastSequence) faults.push(`the ledger has not ${lastSequence} lines`)
    if (count !== stockCount) faults.push(`the counter is ${stockCount}, the ledger says ${count}`)
    if (putIn !== stockCount + reserved)
      faults.push(`${putIn} put in, but ${stockCount} are there and ${reserved} reserved`)
    return faults.map((fault) => `${productId}: ${fault}`)
  })
}
