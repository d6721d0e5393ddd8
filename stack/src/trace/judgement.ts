import { PENDING_SECONDS_MAX, UNSENT_SECONDS_MAX } from '@bazaar/shared/telemetry/waits'
import type { OrderRows } from './order-rows.ts'
import { moneyOf, receiptOf, receiverOf } from './words.ts'

/** What takes seconds when all is well; what takes longer is odd, and before that only waited for. */
const SETTLED_SECONDS_MAX = 60

const DEAD: readonly string[] = ['CANCELLED', 'REJECTED']
const SOLD: readonly string[] = ['CONFIRMED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED']

/** What has not happened yet and will, each in one sentence. */
export function waits(rows: OrderRows): string[] {
  const { order, parts, payments, refunds, cancellations } = rows
  const payment = payments.at(-1)
  return [
    ...(order.status === 'PENDING'
      ? ['Bazaar is to reserve the stock, set the money aside and confirm']
      : []),
    ...(order.status === 'AWAITING_PAYMENT'
      ? [`The buyer is to choose another way to pay${order.payBy ? ` by ${order.payBy.toISOString()}` : ''}`]
      : []),
    ...(payment?.workDueAt ? [`The payment provider is to be asked: the payment is ${payment.status}`] : []),
    ...refunds
      .filter(({ status }) => status === 'PENDING')
      .map(({ amountMinor }) => `A refund of ${moneyOf(amountMinor, order.currency)} is to be given back`),
    ...cancellations
      .filter(({ stockRestoredAt }) => !stockRestoredAt)
      .map(({ id }) => `The stock of cancellation ${id} is to be put back: ${whereIs(rows, id)}`),
    ...parts
      .filter(({ status }) => status === 'AWAITING_SHIPMENT')
      .map(({ sellerId }) => `Seller ${sellerId} is to ship their part`),
    ...parts
      .filter(({ status }) => status === 'SHIPPED')
      .map(({ sellerId }) => `The part of seller ${sellerId} is on its way`),
  ]
}

/** How far the messages of a cancellation have come. */
function whereIs({ messages, receipts }: OrderRows, cancellationId: string): string {
  const mine = messages.filter((one) => one.cancellationId === cancellationId)
  const last = mine.findLast((one) => one.service === 'inventory') ?? mine.at(-1)
  if (!last) return 'its message is no longer kept'
  if (!last.sentAt) return `${last.type} is not sent yet`
  if (!receiptOf(last, receipts))
    return `${last.type} is sent, and ${receiverOf(last.type)} has not handled it`
  return `${receiverOf(last.type)} has handled ${last.type}`
}

/** What is not as it should be, each in one sentence that says where to look next. Empty when all is well. */
export function oddities(rows: OrderRows): string[] {
  return [...oddState(rows), ...oddReservation(rows), ...oddMessages(rows), ...oddMoney(rows)]
}

function secondsSince({ now }: OrderRows, at: Date): number {
  return Math.round((now.getTime() - at.getTime()) / 1_000)
}

/** When the order, or something of it, last changed. */
function quietSeconds(rows: OrderRows): number {
  const times = [rows.order.placedAt, ...rows.events.map(({ at }) => at)]
  return Math.min(...times.map((at) => secondsSince(rows, at)))
}

function oddState(rows: OrderRows): string[] {
  const { status, payBy } = rows.order
  const quiet = quietSeconds(rows)
  if (status === 'PENDING' && quiet > PENDING_SECONDS_MAX)
    return [`The order has been PENDING for ${quiet} s. See ./bazaar status and ./bazaar logs order`]
  if (status === 'AWAITING_PAYMENT' && payBy && secondsSince(rows, payBy) > SETTLED_SECONDS_MAX)
    return [`The time to pay was over ${secondsSince(rows, payBy)} s ago, and the order is not rejected`]
  return []
}

function oddReservation(rows: OrderRows): string[] {
  const { order, reservation, reserved, lines, cancellations } = rows
  const status = reservation?.status ?? 'missing'
  if (SOLD.includes(order.status) && status !== 'CONFIRMED')
    return [`The order is ${order.status} and its reservation is ${status}. See ./bazaar reconcile`]
  if (DEAD.includes(order.status) && (status === 'HELD' || status === 'CONFIRMED')) {
    if (quietSeconds(rows) <= SETTLED_SECONDS_MAX) return []
    return [`The order is ${order.status} and its reservation is ${status}. See ./bazaar reconcile`]
  }
  if (order.status === 'REJECTED' || cancellations.some((one) => !one.stockRestoredAt)) return []
  return reserved.flatMap(({ productId, releasedQuantity }) => {
    const cancelled = lines.find((line) => line.productId === productId)?.cancelledQuantity ?? 0
    if (cancelled === releasedQuantity) return []
    return [
      `Of product ${productId} ${cancelled} are cancelled and ${releasedQuantity} put back. See ./bazaar reconcile`,
    ]
  })
}

function oddMessages(rows: OrderRows): string[] {
  const overdue = rows.messages.flatMap((message) => {
    const { service, type, createdAt, sentAt, attempts } = message
    if (!sentAt) {
      const age = secondsSince(rows, createdAt)
      if (age <= UNSENT_SECONDS_MAX) return []
      return [`${type} of ${service} waits to be sent for ${age} s, after ${attempts} attempts`]
    }
    const age = secondsSince(rows, sentAt)
    if (age <= SETTLED_SECONDS_MAX || receiptOf(message, rows.receipts)) return []
    // What was handled is forgotten long after it was done.
    const { cancellationId } = message
    if (rows.cancellations.some((one) => one.id === cancellationId && one.stockRestoredAt)) return []
    return [
      `${type} was sent ${age} s ago and ${receiverOf(type)} has not handled it. See ./bazaar messages list`,
    ]
  })
  const unannounced = rows.cancellations.filter(
    ({ id, stockRestoredAt }) =>
      !stockRestoredAt && !rows.messages.some(({ cancellationId }) => cancellationId === id),
  )
  return [
    ...overdue,
    ...unannounced.map(
      ({ id }) => `Cancellation ${id} has no message, and its stock is not known to be back`,
    ),
  ]
}

function oddMoney(rows: OrderRows): string[] {
  const { order, payments, refunds } = rows
  const late = payments.flatMap(({ status, workDueAt }) => {
    const age = workDueAt ? secondsSince(rows, workDueAt) : 0
    if (age <= SETTLED_SECONDS_MAX) return []
    return [`A payment that is ${status} should have been brought on ${age} s ago. See ./bazaar logs order`]
  })
  const owed = refunds
    .filter(
      ({ status, createdAt }) => status === 'PENDING' && secondsSince(rows, createdAt) > SETTLED_SECONDS_MAX,
    )
    .map(({ amountMinor }) => `A refund of ${moneyOf(amountMinor, order.currency)} is still owed`)
  const captured = payments.find(({ status }) => status === 'CAPTURED')
  const returned = refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  const kept = captured && DEAD.includes(order.status) ? captured.amountMinor - returned : 0
  return [
    ...late,
    ...owed,
    ...(kept > 0
      ? [`The order is ${order.status}, and of its money ${moneyOf(kept, order.currency)} is not given back`]
      : []),
  ]
}
