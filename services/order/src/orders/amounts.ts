import type { OrderStatus } from './moves.ts'

/** The fields of a line that the rules look at. */
export type Line = {
  productId: string
  sellerId: string
  unitPriceMinor: number
  quantity: number
  cancelledQuantity: number
}

/** Quantities of products. */
export type Quantities = readonly { productId: string; quantity: number }[]

/** The cost of the lines at their frozen prices, in minor units. */
export function totalMinor(lines: readonly Pick<Line, 'unitPriceMinor' | 'quantity'>[]): number {
  return lines.reduce((total, line) => total + line.unitPriceMinor * line.quantity, 0)
}

/** The quantities left on the lines after cancellations. */
export function quantitiesLeft(lines: readonly Line[]): Quantities {
  return lines
    .map(({ productId, quantity, cancelledQuantity }) => ({
      productId,
      quantity: quantity - cancelledQuantity,
    }))
    .filter(({ quantity }) => quantity > 0)
}

/** The cost of the lines after cancellations, in minor units. */
export function payableMinor(lines: readonly Line[]): number {
  return totalMinor(lines.map((line) => ({ ...line, quantity: line.quantity - line.cancelledQuantity })))
}

/**
 * The amount to pay for an order, in minor units: zero for a rejected one, otherwise the cost of what is left of it.
 */
export function dueMinor(order: { status: OrderStatus; lines: readonly Line[] }): number {
  return order.status === 'REJECTED' ? 0 : payableMinor(order.lines)
}
