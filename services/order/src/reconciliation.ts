import type { Order } from './order.ts'

/** What inventory keeps for an order: how much of each product is still set aside. */
export type Kept = {
  status: 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED'
  lines: readonly { productId: string; quantity: number }[]
}

/**
 * How an order and its stock can differ: stock that was cancelled is still set aside; that it is back was never
 * heard; stock is only held that should be kept; stock is missing that was sold.
 */
export type Difference = 'stock-not-returned' | 'return-not-noted' | 'stock-not-kept' | 'stock-missing'

/**
 * How an order that is not being placed any more differs from what inventory keeps for it, which is nothing for
 * an order that came to nothing, and otherwise what is not cancelled of each line.
 */
export function differenceOf(
  order: Order & { cancellations: readonly { stockRestoredAt: Date | null }[] },
  kept: Kept | undefined,
): Difference | undefined {
  if (order.status === 'PENDING' || order.status === 'AWAITING_PAYMENT') return undefined
  const cameToNothing = order.status === 'CANCELLED' || order.status === 'REJECTED'
  const keptOf = (productId: string) =>
    kept?.lines.find((line) => line.productId === productId)?.quantity ?? 0
  const surplus = order.lines.map(
    (line) => keptOf(line.productId) - (cameToNothing ? 0 : line.quantity - line.cancelledQuantity),
  )
  if (surplus.some((units) => units > 0)) return 'stock-not-returned'
  if (surplus.some((units) => units < 0)) return 'stock-missing'
  if (order.cancellations.some(({ stockRestoredAt }) => stockRestoredAt === null)) return 'return-not-noted'
  return kept?.status === 'HELD' && !cameToNothing ? 'stock-not-kept' : undefined
}
