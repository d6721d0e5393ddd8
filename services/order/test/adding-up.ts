import type { OrderWithRefunds } from '../src/orders/order-store.ts'
import { orderView } from '../src/views.ts'

/** An event of the history, as far as money is in it. */
export type MoneyEvent = { type: string; detail: Record<string, string | number> }
/** What the payment provider has in its books about the payment that counts. */
export type Books = { state: string | undefined; refundedMinor: number[] }

/** In these states money was set aside, taken, or is promised at the door. */
const HAS_MONEY = ['AUTHORISED', 'CAPTURED', 'DUE_ON_DELIVERY', 'COLLECTED']
const NOT_SETTLED = ['PENDING', 'AWAITING_PAYMENT']

/**
 * What does not add up in an order, in words; nothing when all does. At every step what was taken (or set aside, or is
 * promised at the door) minus what is given back is what the buyer is told that is to be paid; nothing is given back of
 * what was never taken; and the history tells the same story as the rows.
 */
export function faultsOf(order: OrderWithRefunds, events: readonly MoneyEvent[], books: Books): string[] {
  const faults: string[] = []
  const expectSame = (what: string, found: unknown, wanted: unknown) => {
    if (found !== wanted) faults.push(`${what} is ${found}, not ${wanted}`)
  }
  const [payment, ...earlier] = order.payments
  if (!payment) return ['there is no payment']
  const { payableMinor } = orderView(order)

  const refundsOf = (status: string) => sumOf(order.refunds.filter((refund) => refund.status === status))
  const givenBack = refundsOf('PENDING') + refundsOf('REFUNDED')
  const taken = HAS_MONEY.includes(payment.status) ? payment.amountMinor : 0
  if (!NOT_SETTLED.includes(order.status))
    expectSame('taken minus given back', taken - givenBack, payableMinor)
  else expectSame('what is taken before the order is confirmed', taken + order.refunds.length, 0)
  if (order.status === 'CANCELLED' || order.status === 'REJECTED')
    expectSame('payable of what came to nothing', payableMinor, 0)
  if (order.status === 'DELIVERED' && payment.type === 'CASH_ON_DELIVERY')
    expectSame('the cash payment of what arrived', payment.status, 'COLLECTED')

  if (payment.status !== 'CAPTURED') expectSame('refunded of what was never taken', refundsOf('REFUNDED'), 0)
  if (payment.status === 'VOIDED') expectSame('due back of what was never taken', refundsOf('PENDING'), 0)
  if (refundsOf('RELEASED') > 0) expectSame('a payment with released refunds', payment.status, 'VOIDED')
  for (const attempt of earlier) expectSame('an earlier attempt', attempt.status, 'DECLINED')

  if (books.state !== 'CAPTURED') expectSame('refunded by the provider', books.refundedMinor.length, 0)
  else if (sumOfNumbers(books.refundedMinor) > payment.amountMinor) faults.push('more refunded than captured')

  const last = events.findLast(({ type }) => type.startsWith('PAYMENT_') && type !== 'PAYMENT_CHOSEN')
  if (payment.status !== 'PENDING') {
    expectSame('the last event of the payment', last?.type, `PAYMENT_${payment.status}`)
    expectSame('the amount in that event', last?.detail['amountMinor'], payment.amountMinor)
  }
  const amounts = (...types: string[]) =>
    sumOfNumbers(
      events.filter(({ type }) => types.includes(type)).map(({ detail }) => Number(detail['amountMinor'])),
    )
  expectSame('refunded by the history', amounts('REFUNDED'), refundsOf('REFUNDED'))
  if (order.status !== 'REJECTED')
    expectSame(
      'what is left by the history',
      order.totalMinor - amounts('CANCELLED', 'PARTLY_CANCELLED'),
      payableMinor,
    )
  return faults
}

/** What does not add up once nothing is due any more: then the provider's books say what is to be paid, too. */
export function faultsAtRest(order: OrderWithRefunds, books: Books): string[] {
  const [payment] = order.payments
  const { payableMinor } = orderView(order)
  const kept =
    books.state === 'CAPTURED' ? (payment?.amountMinor ?? 0) - sumOfNumbers(books.refundedMinor) : 0
  const byProvider = payment?.type !== 'CASH_ON_DELIVERY' && !NOT_SETTLED.includes(order.status)
  const faults = byProvider && kept !== payableMinor ? [`the provider kept ${kept}, not ${payableMinor}`] : []
  if (payment?.workDueAt) faults.push('something is due in the payment')
  if (order.refunds.some(({ status }) => status === 'PENDING')) faults.push('a refund is due')
  return faults
}

function sumOf(refunds: readonly { amountMinor: number }[]): number {
  return sumOfNumbers(refunds.map(({ amountMinor }) => amountMinor))
}

function sumOfNumbers(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
