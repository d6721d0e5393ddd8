import { type Evidence, groupBy, startFinding, type Verdict } from './evidence.ts'

const NOTHING_HELD = ['CANCELLED', 'REJECTED']

/**
 * C6, order and inventory side by side: every order that lives has one reservation of exactly what is left of
 * it, confirmed if the order is; every order that came to nothing has none (I4, I11); no confirmed order lost
 * its stock by expiry (I22); and nothing is reserved for no order.
 */
export function checkJoin({ rows }: Evidence): Verdict {
  const reservations = new Map(rows.reservations.map((row) => [row.orderId, row]))
  const finder = startFinding(
    () => ({ orders: rows.orders.length, reservations: rows.reservations.length }),
    () => rows.orders.length === 0,
  )
  const { broken } = finder
  const held = groupBy(rows.reservationLines, (line) => line.orderId)
  const ordered = groupBy(rows.orderLines, (line) => line.orderId)

  for (const order of rows.orders) {
    const reservation = reservations.get(order.id)
    const lines = held.get(order.id) ?? []
    const isLive = reservation?.status === 'HELD' || reservation?.status === 'CONFIRMED'
    const units = isLive ? lines.filter((line) => line.quantity > line.releasedQuantity) : []
    if (NOTHING_HELD.includes(order.status)) {
      if (units.length > 0) broken('I4', 'stock is held for what came to nothing', { order, units })
      continue
    }
    const wanted = order.status === 'AWAITING_PAYMENT' ? 'HELD' : 'CONFIRMED'
    if (reservation?.status === 'EXPIRED' && wanted === 'CONFIRMED')
      broken('I22', 'a confirmed order lost its stock by expiry', { order, reservation })
    else if (reservation?.status !== wanted && order.status !== 'PENDING')
      broken('I4', `an order that is ${order.status} has no reservation that is ${wanted}`, {
        order,
        reservation,
      })
    const left = (ordered.get(order.id) ?? []).filter((line) => line.quantity > line.cancelledQuantity)
    const same =
      left.length === units.length &&
      left.every(({ productId, quantity, cancelledQuantity }) =>
        units.some(
          (line) =>
            line.productId === productId &&
            line.quantity - line.releasedQuantity === quantity - cancelledQuantity,
        ),
      )
    if (!same && order.status !== 'PENDING')
      broken('I4', 'what is reserved is not what is ordered', { order, left, units })
    const all = ordered.get(order.id)?.length
    if (lines.length > 0 && lines.length !== all)
      broken('I11', 'an order is reserved by halves', { order, lines, all })
  }

  const orders = new Set(rows.orders.map((order) => order.id))
  for (const reservation of rows.reservations)
    if (!orders.has(reservation.orderId) && held.has(reservation.orderId))
      broken('I4', 'stock is held for no order', reservation)
  return finder.verdict()
}
