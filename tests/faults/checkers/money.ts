import type { OrderRow, PaymentRow, Rows } from '../history/rows.ts'
import { type Evidence, groupBy, startFinding, sumOf, type Verdict } from './evidence.ts'

/**
 * Money (I12): the total is what the lines add up to; of an order that lives exactly what is left of it is kept, or
 * to be paid at the door, of one that came to nothing nothing; the provider's books say the same as ours, refund by
 * refund; and the history ends where the payment is.
 */
export function checkMoney({ rows }: Evidence): Verdict {
  const counts = { orders: rows.orders.length, payments: rows.payments.length, refunds: rows.refunds.length }
  const finder = startFinding(
    () => counts,
    () => rows.payments.length === 0,
  )
  const { broken } = finder
  const lines = groupBy(rows.orderLines, (line) => line.orderId)
  const payments = groupBy(rows.payments, (payment) => payment.orderId)
  const bookRefunds = groupBy(rows.bookRefunds, (refund) => refund.paymentId)

  for (const order of rows.orders) {
    const own = lines.get(order.id) ?? []
    const total = sumOf(own, (line) => line.quantity * line.unitPriceMinor)
    if (total !== order.totalMinor) broken('I12', 'a total is not what the lines add up to', { order, total })
    const cancelled = sumOf(own, (line) => line.cancelledQuantity * line.unitPriceMinor)
    const due = order.status === 'CANCELLED' || order.status === 'REJECTED' ? 0 : total - cancelled
    checkKept({ order, payments: payments.get(order.id) ?? [], due, bookRefunds }, broken)
  }
  checkBooks(rows, broken)
  checkEvents(rows, broken)
  return finder.verdict()
}

type Broken = (invariant: string, what: string, detail: unknown) => void

/** What the provider took for an order and did not give back is what is to be paid for it. */
function checkKept(
  {
    order,
    payments,
    due,
    bookRefunds,
  }: {
    order: OrderRow
    payments: readonly PaymentRow[]
    due: number
    bookRefunds: ReadonlyMap<string, Rows['bookRefunds']>
  },
  broken: Broken,
): void {
  const captured = payments.filter(({ status }) => status === 'CAPTURED')
  const atTheDoor = payments.filter(({ status }) => status === 'DUE_ON_DELIVERY' || status === 'COLLECTED')
  const kept = sumOf(
    [...captured, ...atTheDoor],
    (payment) =>
      payment.amountMinor - sumOf(bookRefunds.get(payment.id) ?? [], ({ amountMinor }) => amountMinor),
  )
  const isSettled = !['PENDING', 'AWAITING_PAYMENT'].includes(order.status)
  if (captured.length > 1) broken('I12', 'an order was paid twice', { order, payments })
  if (isSettled && kept !== due)
    broken('I12', 'more or less money was kept than is due', { order, payments, kept, due })
  if (order.status === 'DELIVERED' && payments.some(({ status }) => status === 'DUE_ON_DELIVERY'))
    broken('I12', 'cash was not collected for what arrived', { order, payments })
  if (isSettled && payments.some(({ status }) => status === 'PENDING' || status === 'AUTHORISED'))
    broken('I12', 'a payment was left half-way', { order, payments })
}

/** What of our payments the provider's books may say. One that was never asked for is in no book. */
const STATES: Readonly<Record<string, readonly (string | undefined)[]>> = {
  CAPTURED: ['CAPTURED'],
  AUTHORISED: ['AUTHORISED', 'CAPTURED'],
  DECLINED: ['DECLINED'],
  VOIDED: ['VOIDED', undefined],
  DUE_ON_DELIVERY: [undefined],
  COLLECTED: [undefined],
}

function checkBooks(rows: Rows, broken: Broken): void {
  const books = new Map(rows.books.map((book) => [book.paymentId, book]))
  for (const payment of rows.payments) {
    const book = books.get(payment.id)
    const allowed = STATES[payment.status]
    if (allowed && !allowed.includes(book?.state))
      broken('I12', 'our books and the provider’s differ', { payment, book })
    if (book && book.amountMinor !== payment.amountMinor)
      broken('I12', 'the provider has another amount', { payment, book })
  }
  const given = new Map(rows.bookRefunds.map((refund) => [refund.id, refund]))
  const states = new Map(rows.payments.map(({ id, status }) => [id, status]))
  for (const refund of rows.refunds) {
    const book = given.get(refund.id)
    const wanted = refund.status === 'REFUNDED' ? 'CAPTURED' : 'VOIDED'
    if (refund.status === 'PENDING') broken('I12', 'a refund is still due', refund)
    else if (states.get(refund.paymentId) !== wanted)
      broken('I12', 'money was given back that was never taken, or the other way round', refund)
    else if (refund.status === 'REFUNDED' && book?.amountMinor !== refund.amountMinor)
      broken('I12', 'a refund is not in the provider’s books as it should', { refund, book })
  }
  const ours = new Set(rows.refunds.map(({ id }) => id))
  for (const refund of rows.bookRefunds)
    if (!ours.has(refund.id)) broken('I12', 'the provider gave back what nobody asked for', refund)
}

/** The last that the history of an order says about its payment is the state of the latest attempt. */
function checkEvents(rows: Rows, broken: Broken): void {
  const events = groupBy(rows.events, (event) => event.orderId)
  const latest = new Map<string, PaymentRow>()
  for (const payment of rows.payments)
    if (payment.id > (latest.get(payment.orderId)?.id ?? '')) latest.set(payment.orderId, payment)
  for (const [orderId, payment] of latest) {
    const said = (events.get(orderId) ?? [])
      .filter(({ type }) => type.startsWith('PAYMENT_') && type !== 'PAYMENT_CHOSEN')
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))
      .at(-1)
    if (payment.status !== 'PENDING' && said?.type !== `PAYMENT_${payment.status}`)
      broken('I12', 'the history does not say how far a payment is', { payment, said })
  }
}
