import type { CancellationRow, MovementRow, Rows } from '../history/rows.ts'
import {
  type Evidence,
  groupBy,
  linesOf,
  operationsOf,
  startFinding,
  sumOf,
  type Verdict,
} from './evidence.ts'

/**
 * C3, cancellations as a queue of effects: each gives back what it took, once (I7, I20), none that was
 * acknowledged is lost and none that was refused happened (I8, I24), and what was cancelled before it was
 * reserved takes nothing any more (I21).
 */
export function checkReleases({ history, rows }: Evidence): Verdict {
  const counts = { cancelled: 0, cancellations: rows.cancellations.length, restored: 0, tombstones: 0 }
  const finder = startFinding(
    () => counts,
    () => counts.cancelled === 0,
  )
  const { broken } = finder
  const byReason = groupBy(rows.cancellations, (cancellation) => cancellation.reason)
  const orders = new Map(rows.orders.map((order) => [order.id, order]))

  for (const { f, key, asked, outcome } of operationsOf(history)) {
    if (f !== 'cancel') continue
    const made = byReason.get(key) ?? []
    const status = orders.get(String(asked['orderId']))?.status
    const whole = linesOf(asked['lines']).length === 0
    if (made.length > 1) broken('I7', 'one request cancelled twice', { key, made })
    if (outcome === 'ok') {
      counts.cancelled += 1
      if (whole && status !== 'CANCELLED') broken('I8', 'a cancelled order is alive', { key, asked, status })
      if (!whole && made.length === 0) broken('I8', 'a cancellation is lost', { key, asked, status })
    }
    if (outcome === 'fail' && made.length > 0)
      broken('I24', 'a cancellation was refused and happened', { key, made })
  }
  checkEffects(rows, counts, broken)
  return finder.verdict()
}

type Broken = (invariant: string, what: string, detail: unknown) => void

function checkEffects(rows: Rows, counts: { restored: number; tombstones: number }, broken: Broken): void {
  const reservations = new Map(rows.reservations.map((row) => [row.orderId, row]))
  const linesReserved = groupBy(rows.reservationLines, (line) => line.orderId)
  const released = groupBy(
    rows.movements.filter(({ reason }) => reason === 'RELEASED'),
    (movement) => movement.sourceId,
  )
  const expiredOf = groupBy(
    rows.movements.filter(({ reason }) => reason === 'EXPIRED'),
    (movement) => movement.sourceId,
  )
  const cancellations = new Map(rows.cancellations.map((row) => [row.id, row]))

  for (const cancellation of rows.cancellations) {
    const { id, orderId } = cancellation
    const reservation = reservations.get(orderId)
    const movements = released.get(id) ?? []
    const expired = expiredOf.get(orderId) ?? []
    if (!reservation) broken('I7', 'inventory has never heard of a cancellation', cancellation)
    else if (
      linesReserved.has(orderId) &&
      (reservation.status !== 'EXPIRED' || cameBefore(movements, expired))
    )
      checkRestored(cancellation, movements, broken)
    else if (movements.length > 0)
      broken('I7', 'stock came back that was not there any more', { cancellation, movements })
    if (cancellation.stockRestoredAt === null)
      broken('I18', 'nobody told the order that its stock is back', cancellation)
    counts.restored += movements.length
  }
  for (const [sourceId, movements] of released)
    if (!cancellations.has(sourceId)) broken('I7', 'stock came back for no cancellation', movements[0])

  const takenFor = groupBy(
    rows.movements.filter(({ reason }) => reason === 'RESERVED'),
    (movement) => movement.sourceId,
  )
  for (const { orderId } of rows.reservations) {
    if (linesReserved.has(orderId)) continue
    counts.tombstones += 1
    if (takenFor.has(orderId)) broken('I21', 'stock was taken for what was cancelled before', { orderId })
  }
  checkBalance(rows, takenFor, cancellations, broken)
}

/** Whether a cancellation gave something back while the stock was still held: only what it left expired later. */
function cameBefore(released: readonly MovementRow[], expired: readonly MovementRow[]): boolean {
  const isLate = ({ productId, sequence }: MovementRow) =>
    expired.some((end) => end.productId === productId && end.sequence < sequence)
  return released.length > 0 && !released.some(isLate)
}

/** Of each line of the cancellation exactly what it names came back, in one movement. */
function checkRestored(
  cancellation: CancellationRow,
  movements: readonly MovementRow[],
  broken: Broken,
): void {
  const wanted = cancellation.lines.filter(({ quantity }) => quantity > 0)
  const exact =
    movements.length === wanted.length &&
    wanted.every(({ productId, quantity }) =>
      movements.some((movement) => movement.productId === productId && movement.delta === quantity),
    )
  if (!exact) broken('I7', 'a cancellation was not restored exactly once', { cancellation, movements })
}

/** No order ever gives back more than was taken for it, by cancelling and expiring together. */
function checkBalance(
  rows: Rows,
  takenFor: ReadonlyMap<string, MovementRow[]>,
  cancellations: ReadonlyMap<string, CancellationRow>,
  broken: Broken,
): void {
  const givenBack = groupBy(
    rows.movements.filter(({ reason }) => reason === 'RELEASED' || reason === 'EXPIRED'),
    ({ reason, sourceId }) =>
      reason === 'EXPIRED' ? sourceId : (cancellations.get(sourceId)?.orderId ?? sourceId),
  )
  for (const [orderId, movements] of givenBack) {
    const taken = -sumOf(takenFor.get(orderId) ?? [], ({ delta }) => delta)
    const given = sumOf(movements, ({ delta }) => delta)
    if (given > taken) broken('I20', 'more came back than was taken', { orderId, taken, given })
  }
}
