import type { OrderStatus } from './moves.ts'
import { type Order, partsOf } from './order.ts'

/** An order of two sellers, for tests of the rules: three cups of 5.00 and a pot of 20.00. */
export function sample(status: OrderStatus): Order {
  const lines = [
    { productId: 'cup', sellerId: 'anna', unitPriceMinor: 500, quantity: 3, cancelledQuantity: 0 },
    { productId: 'pot', sellerId: 'bert', unitPriceMinor: 2_000, quantity: 1, cancelledQuantity: 0 },
  ]
  return { status, lines, parts: partsOf(lines) }
}

/** The code of a refusal; undefined when nothing was refused. */
export function codeOf(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return Reflect.get(Object(error), 'code')
  }
  return undefined
}
