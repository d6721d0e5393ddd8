import type { OrderRow, PaymentRow, Rows } from '../rows.ts'
import { type Evidence, groupBy, startFinding, sumOf, type Verdict } from './evidence.ts'

/**
 * Money (I12): the total is what the lines add up to; of an order that lives exactly what is left of it is kept,
 * of one that came to nothing nothing; and the provider's books say the same as ours, refund by refund.
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
  const kept = sumOf(
    captured,
    (payment) =>
      payment.amountMinor - sumOf(bookRefunds.get(payment.id) ?? [], ({ amountMinor }) => amountMinor),
  )
  const isSettled = !['PENDING', 'AWAITING_PAYMENT'].includes(order.status)
  const byCash = payments.some(({ status }) => status === 'DUE_ON_DELIVERY' || status === 'COLLECTED')
  if (captured.length > 1) broken('I12', 'an order was paid twice', { order, payments })
  if (isSettled && !byCash && kept !== due)
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
  const captured = new Set(rows.payments.filter(({ status }) => status === 'CAPTURED').map(({ id }) => id))
  for (const refund of rows.refunds) {
    const book = given.get(refund.id)
    if (refund.status === 'PENDING') broken('I12', 'a refund is still due', refund)
    else if (captured.has(refund.paymentId) && book?.amountMinor !== refund.amountMinor)
      broken('I12', 'a refund is not in the provider’s books as it should', { refund, book })
  }
  const ours = new Set(rows.refunds.map(({ id }) => id))
  for (const refund of rows.bookRefunds)
    if (!ours.has(refund.id)) broken('I12', 'the provider gave back what nobody asked for', refund)
}
