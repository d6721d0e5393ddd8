import { type Evidence, groupBy, startFinding, sumOf, type Verdict } from './evidence.ts'

const WATCHES = ['bank', 'bank-quick', 'order-states']
const PUT_IN = ['INITIAL', 'RESTOCK', 'CORRECTION', 'LOSS']

/**
 * C1, the bank: in every snapshot, and at the end, what sellers put in is what can be ordered plus what is set
 * aside (I1), nothing is below zero (I2), and the ledger adds up to the stock, without a gap (I3).
 */
export function checkBank({ history, rows }: Evidence): Verdict {
  let [reads, full] = [0, 0]
  const finder = startFinding(
    () => ({ reads, fullReads: full, products: rows.stock.length }),
    () => full === 0 || rows.stock.length === 0,
  )
  for (const entry of history) {
    if (entry.process !== 'watch' || !WATCHES.includes(entry.f)) continue
    if (entry.type === 'fail') {
      const wrong: unknown[] = Array.isArray(entry.value) ? entry.value : [entry.value]
      for (const row of wrong) finder.broken(invariantOf(row), `wrong in a snapshot at ${entry.tMs}`, row)
    }
    if (entry.type === 'info') continue
    reads += 1
    if (entry.f === 'bank') full += 1
  }

  const movements = groupBy(rows.movements, (movement) => movement.productId)
  const reservations = new Map(rows.reservations.map((row) => [row.orderId, row]))
  const isLive = (orderId: string) =>
    ['HELD', 'CONFIRMED'].includes(reservations.get(orderId)?.status ?? 'RELEASED')
  const lines = groupBy(rows.reservationLines, (line) => line.productId)
  for (const { productId, stockCount, lastSequence } of rows.stock) {
    const ledger = movements.get(productId) ?? []
    const live = sumOf(
      (lines.get(productId) ?? []).filter((line) => isLive(line.orderId)),
      (line) => line.quantity - line.releasedQuantity,
    )
    const putIn = sumOf(
      ledger.filter(({ reason }) => PUT_IN.includes(reason)),
      (movement) => movement.delta,
    )
    if (stockCount + live !== putIn)
      finder.broken('I1', 'what was put in is not what is there', { productId, stockCount, live, putIn })
    if (stockCount < 0) finder.broken('I2', 'there is less than nothing', { productId, stockCount })
    const inOrder = ledger.toSorted((one, other) => one.sequence - other.sequence)
    let before = 0
    for (const [index, { sequence, delta, stockAfter }] of inOrder.entries()) {
      before += delta
      if (sequence !== index + 1 || stockAfter !== before)
        finder.broken('I3', 'the ledger does not follow', {
          productId,
          sequence,
          stockAfter,
          counted: before,
        })
      if (stockAfter < 0) finder.broken('I2', 'the ledger went below nothing', { productId, sequence })
    }
    if (before !== stockCount || ledger.length !== lastSequence)
      finder.broken('I3', 'the ledger is not the stock', { productId, stockCount, ledger: before })
  }
  return finder.verdict()
}

function invariantOf(row: unknown): string {
  return typeof row === 'object' && row !== null && 'invariant' in row ? String(row.invariant) : 'I1'
}
