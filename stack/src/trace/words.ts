import { messageFlows } from '@bazaar/shared/api/message-flows'
import type { MessageRow, Receipt } from './message-rows.ts'
import type { OrderRows } from './order-rows.ts'

/** Something that happened, and by which service it is known. */
export type Moment = { at: Date; service: string; text: string }

const EVENTS: Readonly<Record<string, string>> = {
  PLACED: 'placed the order',
  CONFIRMED: 'confirmed the order',
  REJECTED: 'rejected the order',
  PAYMENT_CHOSEN: 'chose to pay once more',
  PAYMENT_AUTHORISED: 'noted that the money is set aside',
  PAYMENT_DUE_ON_DELIVERY: 'noted that the money is to be paid at the door',
  PAYMENT_COLLECTED: 'noted that the money was paid at the door',
  CANCELLED: 'cancelled the order',
  PARTLY_CANCELLED: 'cancelled some of the order',
  STOCK_RESTORED: 'noted that the stock of a cancellation is back',
  REFUNDED: 'noted that money was given back',
  SHIPPED: 'shipped their part of the order',
  SHIPMENT_COMPLETED: 'completed what is known of their shipment',
  DELIVERED: 'delivered their part of the order',
}

/** An amount of minor units as people write it, such as `12.50 EUR`. */
export function moneyOf(minor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  const digits = format.maximumFractionDigits ?? 0
  return `${(minor / 10 ** digits).toFixed(digits)} ${currency}`
}

/** What the timeline of the order says. */
export function wordsOfEvents({ events, order }: OrderRows): Moment[] {
  return events.map(({ type, actor, actorId, at, amountMinor }) => {
    const who = actor === 'SYSTEM' ? 'Bazaar' : `${actor === 'BUYER' ? 'Buyer' : 'Seller'} ${actorId ?? ''}`
    const why = type === 'REJECTED' && order.rejectionReason ? `: ${order.rejectionReason}` : ''
    const money = amountMinor === null ? '' : `, ${moneyOf(amountMinor, order.currency)}`
    return { at, service: 'order', text: `${who} ${EVENTS[type] ?? `did ${type}`}${why}${money}` }
  })
}

const MOVEMENTS: Readonly<Record<string, string>> = {
  RESERVED: 'set aside',
  RELEASED: 'put back',
  EXPIRED: 'put back, because nobody confirmed them in time',
}

/** What inventory did: the ledger's lines, and how the reservation stands. */
export function wordsOfStock({ reservation, reserved, movements }: OrderRows): Moment[] {
  const moved = movements.map(({ productId, delta, reason, stockAfter, at }) => ({
    at,
    service: 'inventory',
    text: `${Math.abs(delta)} of product ${productId} ${MOVEMENTS[reason] ?? reason}; ${stockAfter} can be ordered then`,
  }))
  if (!reservation) return moved
  const text =
    reserved.length === 0
      ? 'the cancellation came before the reservation, which will be refused'
      : `the reservation became ${reservation.status}`
  const at = reservation.status === 'HELD' ? reservation.createdAt : reservation.changedAt
  return [...moved, { at, service: 'inventory', text }]
}

/** The attempts to pay, each with what has become of it, and the refunds. */
export function wordsOfMoney({ payments, refunds, order: { currency } }: OrderRows): Moment[] {
  const attempts = payments.map(({ type, status, amountMinor, createdAt }, index) => ({
    at: createdAt,
    service: 'order',
    text: `payment attempt ${index + 1} by ${type} over ${moneyOf(amountMinor, currency)} began; it is ${status} now`,
  }))
  const returned = refunds.flatMap(({ amountMinor, status, createdAt, refundedAt }) => {
    const amount = moneyOf(amountMinor, currency)
    const begun = { at: createdAt, service: 'order', text: `a refund of ${amount} is owed` }
    const how = status === 'RELEASED' ? 'let go of, as it had only been set aside' : 'given back'
    return refundedAt
      ? [begun, { at: refundedAt, service: 'order', text: `the refund of ${amount} was ${how}` }]
      : [begun]
  })
  return [...attempts, ...returned]
}

/** The messages between the services: written, sent, handled. */
export function wordsOfMessages({ messages, receipts }: OrderRows): Moment[] {
  return messages.flatMap((message) => {
    const { service, type, createdAt, sentAt, attempts } = message
    const handled = receiptOf(message, receipts)
    const tries = attempts > 1 ? ` at attempt ${attempts}` : ''
    return [
      { at: createdAt, service, text: `wrote ${type} to be sent` },
      ...(sentAt ? [{ at: sentAt, service, text: `${type} was sent${tries}` }] : []),
      ...(handled
        ? [{ at: handled.receivedAt, service: handled.service, text: `handled ${type} of ${service}` }]
        : []),
    ]
  })
}

/** That a message was handled by the service for which it is meant. */
export function receiptOf(
  { id, type }: Pick<MessageRow, 'id' | 'type'>,
  receipts: readonly Receipt[],
): Receipt | undefined {
  const to = receiverOf(type)
  return receipts.find((one) => one.messageId === id && one.service === to)
}

/** The service for which a message is meant. */
export function receiverOf(type: string): string {
  return Object.entries(messageFlows).find(([name]) => name === type)?.[1].to ?? 'nobody'
}
