/*
 * What is stored at the end, as the checkers see it: ids as text, times in milliseconds since 1970.
 */

/** A product of inventory, with what its seller first put in. */
export type ProductRow = { id: string; sellerId: string; priceMinor: number }
/** What of a product can be ordered. */
export type StockRow = { productId: string; stockCount: number; lastSequence: number }
/** A line of the ledger. */
export type MovementRow = {
  productId: string
  sequence: number
  delta: number
  reason: 'INITIAL' | 'RESTOCK' | 'CORRECTION' | 'LOSS' | 'RESERVED' | 'RELEASED' | 'EXPIRED'
  sourceId: string
  stockAfter: number
  at: number
}
/** What is set aside for an order. */
export type ReservationRow = {
  orderId: string
  status: 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED'
  expiresAt: number | null
}
/** A line of it. */
export type ReservationLineRow = {
  orderId: string
  productId: string
  quantity: number
  releasedQuantity: number
}
/** An order. */
export type OrderRow = {
  id: string
  buyerId: string
  status: string
  totalMinor: number
  placedKeyHash: string
  rejectionReason: string | null
}
/** A line of an order. */
export type OrderLineRow = {
  orderId: string
  productId: string
  sellerId: string
  unitPriceMinor: number
  quantity: number
  cancelledQuantity: number
}
/** What one seller sends of an order. */
export type PartRow = { orderId: string; sellerId: string; status: string }
/** An attempt to pay. */
export type PaymentRow = { id: string; orderId: string; type: string; status: string; amountMinor: number }
/** What was cancelled. The reason is the key of the request that did. */
export type CancellationRow = {
  id: string
  orderId: string
  reason: string
  lines: { productId: string; quantity: number }[]
  stockRestoredAt: number | null
}
/** Money to give back. */
export type RefundRow = {
  id: string
  paymentId: string
  orderId: string
  cancellationId: string
  amountMinor: number
  status: string
}
/** Something that happened to an order. */
export type EventRow = { orderId: string; id: string; type: string; actorId: string | null }
/** What the payment provider has in its books. */
export type BookRow = { paymentId: string; state: string; amountMinor: number }
/** What the payment provider gave back. */
export type BookRefundRow = { id: string; paymentId: string; amountMinor: number }
/** A message that was owed to others. */
export type OutboxRow = { id: string; type: string; sentAt: number | null; attempts: number }
/** A message that was handled. */
export type InboxRow = { consumer: string; messageId: string }
/** A message that could not be handled. */
export type DeadLetter = { queue: string; messageId: string | null; reason: string | null }

/** Everything that is stored of a run. */
export type Rows = {
  products: ProductRow[]
  stock: StockRow[]
  movements: MovementRow[]
  reservations: ReservationRow[]
  reservationLines: ReservationLineRow[]
  inventoryOutbox: OutboxRow[]
  inventoryInbox: InboxRow[]
  orders: OrderRow[]
  orderLines: OrderLineRow[]
  parts: PartRow[]
  payments: PaymentRow[]
  cancellations: CancellationRow[]
  refunds: RefundRow[]
  events: EventRow[]
  books: BookRow[]
  bookRefunds: BookRefundRow[]
  orderOutbox: OutboxRow[]
  orderInbox: InboxRow[]
  userInbox: InboxRow[]
  deadLetters: DeadLetter[]
}
