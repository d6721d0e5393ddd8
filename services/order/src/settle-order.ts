import { RemoteProblem } from '@bazaar/shared/clients/client'
import { inTransaction, read } from '@bazaar/shared/database/database'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { sql } from 'drizzle-orm'
import type { Deps } from './deps.ts'
import { type Rejection, rejectOrder } from './end-order.ts'
import { orderNotFound } from './errors.ts'
import { insertEvent } from './event-store.ts'
import { allows, partsOf } from './order.ts'
import { findOrder, insertParts, lockOrder, type StoredOrder, saveStatus } from './order-store.ts'
import { savePayment } from './payment-store.ts'

/**
 * Brings a PENDING order to an end: reserves its stock, has its payment authorised, confirms the reservation,
 * confirms the order. Every step can be repeated, by whoever placed the order or by the completer, alone or
 * at the same time; what decides is the order's state in the last transaction.
 *
 * @throws {DependencyUnavailable} when a step could not be taken; the order stays PENDING.
 */
export async function settleOrder(deps: Deps, orderId: string): Promise<void> {
  const order = await read(deps.database, (connection) => findOrder(connection, orderId))
  if (!order) throw orderNotFound()
  if (order.status !== 'PENDING') return

  const reserved = await reserve(deps, order)
  // failpoint: reserve.after-answer
  if (reserved.outcome === 'refused')
    return rejectOrder(deps, order.id, { ...reserved.rejection, from: 'PENDING' })

  const [payment] = order.payments
  if (!payment) throw new Error('an order has no payment')
  const cash = payment.type === 'CASH_ON_DELIVERY'
  const answer = cash ? 'authorised' : await deps.provider.authorise({ ...payment, paymentId: payment.id })
  // failpoint: authorise.after-answer
  if (answer === 'declined') return awaitPayment(deps, order.id, payment.id, reserved.heldUntil)

  const confirmed = await confirmReservation(deps, order)
  // failpoint: confirm.after-answer
  if (confirmed.outcome === 'refused')
    return rejectOrder(deps, order.id, { ...confirmed.rejection, from: 'PENDING' })
  await confirmOrder(deps, order.id, payment.id, cash)
  // failpoint: confirm-order.after-commit
}

type Refused = { outcome: 'refused'; rejection: Rejection }

const REFUSALS: Record<string, Rejection> = {
  'out-of-stock': { reason: 'OUT_OF_STOCK' },
  'product-gone': { reason: 'PRODUCT_GONE' },
  'price-changed': { reason: 'PRICE_CHANGED' },
  'reservation-expired': { reason: 'RESERVATION_EXPIRED' },
  // The order was cancelled meanwhile; then it is not rejected any more either.
  'order-cancelled': { reason: 'RESERVATION_EXPIRED' },
}

async function reserve(
  deps: Deps,
  order: StoredOrder,
): Promise<Refused | { outcome: 'held'; heldUntil: Date | null }> {
  const lines = order.lines.map(({ productId, quantity, unitPriceMinor }) => ({
    productId,
    quantity,
    unitPriceMinor,
    currency: order.currency,
  }))
  return orRefused(async () => {
    const { body } = await deps.inventory.placeReservation({ params: { orderId: order.id }, body: { lines } })
    return { outcome: 'held', heldUntil: body.expiresAt === null ? null : new Date(body.expiresAt) }
  })
}

async function confirmReservation(
  deps: Deps,
  order: StoredOrder,
): Promise<Refused | { outcome: 'confirmed' }> {
  return orRefused(async () => {
    await deps.inventory.confirmReservation({ params: { orderId: order.id } })
    return { outcome: 'confirmed' }
  })
}

async function orRefused<T>(call: () => Promise<T>): Promise<T | Refused> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error
    if (error.status === 429) throw new DependencyUnavailable('inventory', { cause: error })
    const rejection = REFUSALS[error.code]
    if (!rejection) throw error
    const named: unknown = error.members['productIds']
    const productIds = Array.isArray(named) ? named.filter((id): id is string => typeof id === 'string') : []
    return { outcome: 'refused', rejection: productIds.length > 0 ? { ...rejection, productIds } : rejection }
  }
}

/** The payment was declined: the stock stays held, and the buyer may choose another way to pay. */
async function awaitPayment(
  deps: Deps,
  orderId: string,
  paymentId: string,
  heldUntil: Date | null,
): Promise<void> {
  await inTransaction(deps.database, async (tx) => {
    const order = await lockOrder(tx, orderId)
    const [payment] = order?.payments ?? []
    if (!order || !allows(order.status, 'decline') || payment?.id !== paymentId) return
    await saveStatus(tx, orderId, 'AWAITING_PAYMENT', {
      payBy: heldUntil,
      workDueAt: heldUntil ?? sql`now(3)`,
    })
    await savePayment(tx, payment, { status: 'DECLINED', workDue: false })
  })
}

/** Stock and money are there: the order is confirmed, unless it was cancelled meanwhile. */
async function confirmOrder(deps: Deps, orderId: string, paymentId: string, cash: boolean): Promise<void> {
  await inTransaction(deps.database, async (tx) => {
    const order = await lockOrder(tx, orderId)
    const [payment] = order?.payments ?? []
    if (!order || payment?.id !== paymentId || payment.status !== 'PENDING') return
    if (!allows(order.status, 'confirm')) {
      // Cancelled meanwhile: the cancellation message lets go of the stock, and the payment is voided.
      return savePayment(tx, payment, { workDue: true })
    }
    await saveStatus(tx, orderId, 'CONFIRMED', { payBy: null })
    await insertParts(tx, orderId, partsOf(order.lines))
    await insertEvent(tx, orderId, { type: 'CONFIRMED', actor: 'SYSTEM' })
    // failpoint: confirm-order.before-commit
    await savePayment(
      tx,
      payment,
      cash ? { status: 'DUE_ON_DELIVERY', workDue: false } : { status: 'AUTHORISED', workDue: true },
    )
  })
  deps.wake.payments()
}
