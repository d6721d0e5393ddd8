/* What pages said, what is true, and how the two are compared. */

/** What pages told one person about what they had asked for. */
export type Told = {
  /** Each time an order was sent off: the id that the page then showed, or why nothing was ordered. */
  orders: ({ orderId: string } | { refused: string })[]
  /** How an order was shown, each time it was looked at. */
  seen: { orderId: string; status: string }[]
  /** Orders that were said to be cancelled. */
  cancelled: string[]
  /** Units that were said to be added to a product. */
  added: { productId: string; delta: number }[]
  /** Orders of which the seller's part was said to be sent. */
  sent: string[]
  /** Products that were said to be on the market, by their names. */
  offered: { name: string; productId: string }[]
}

/** What is so, as the services tell it once everything is quiet. */
export type Truth = {
  /** The orders of the person: how they are, and what has happened to them. */
  orders: { orderId: string; status: string; events: readonly string[] }[]
  /** What the person has added to their products, as the ledger has it. */
  added: { productId: string; delta: number }[]
  /** The sales of which the person's part is sent. */
  sent: string[]
  offered: { name: string; productId: string }[]
}

/** What must have happened to an order that a page showed like this; other states need nothing to have happened. */
const MUST_HAVE: Record<string, string> = {
  CONFIRMED: 'CONFIRMED',
  AWAITING_PAYMENT: 'PAYMENT_DECLINED',
  PARTIALLY_SHIPPED: 'PARTLY_SHIPPED',
  SHIPPED: 'SHIPPED',
  DELIVERED: 'DELIVERED',
  CANCELLED: 'CANCELLED',
  REJECTED: 'REJECTED',
}

/** Nothing told, or nothing true, yet. */
export function nothingTold(): Told {
  return { orders: [], seen: [], cancelled: [], added: [], sent: [], offered: [] }
}

/** Everything that a page told and that is not so, and everything that is so and was not told. */
export function liesIn(told: Told, truth: Truth): string[] {
  const toldOrders = told.orders.flatMap((one) => ('orderId' in one ? [one.orderId] : []))
  const trueOrders = truth.orders.map(({ orderId }) => orderId)
  return [
    ...compare('an order', toldOrders, trueOrders),
    ...compare('a cancellation', told.cancelled, idsOf(truth, 'CANCELLED')),
    ...compare('units added', told.added.map(written), truth.added.map(written)),
    ...compare('a shipment', told.sent, truth.sent),
    ...compare('a product', told.offered.map(written), truth.offered.map(written)),
    ...told.seen.flatMap(({ orderId, status }) => {
      const event = MUST_HAVE[status]
      const events = truth.orders.find((one) => one.orderId === orderId)?.events ?? []
      return event && !events.includes(event) ? [`${orderId} was shown as ${status}, which it never was`] : []
    }),
  ]
}

function idsOf(truth: Truth, status: string): string[] {
  return truth.orders.filter((one) => one.status === status).map(({ orderId }) => orderId)
}

const written = (one: Record<string, string | number>) => Object.values(one).join(' ')

/** Both have the same things, each as often. */
function compare(what: string, told: readonly string[], real: readonly string[]): string[] {
  const left = [...real]
  const invented = told.filter((one) => {
    const at = left.indexOf(one)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return [
    ...invented.map((one) => `${what} was told that is not: ${one}`),
    ...left.map((one) => `${what} was made that was not told: ${one}`),
  ]
}
