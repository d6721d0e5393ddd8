import { type Database, inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { keepAnswers } from '@bazaar/shared/database/idempotency-key-batches'
import type { KeptAnswer, KeyedRequest } from '@bazaar/shared/database/idempotency-keys'
import { type Composed, insertMessages } from '@bazaar/shared/messaging/outbox'
import { assertInvariant } from '@bazaar/shared/problem'
import { gatherOn, type Patience } from '@bazaar/shared/process/gather'
import type { Deps } from '../deps.ts'
import { quantitiesLeft } from '../orders/amounts.ts'
import { composeChange } from '../orders/announce-change.ts'
import { type Addition, insertEventsOfMany } from '../orders/event-store.ts'
import { partsOf } from '../orders/order.ts'
import type { StoredOrder } from '../orders/order-store.ts'
import { insertParts, saveConfirmed } from '../orders/status-store.ts'
import { promisedStatus, type StoredPayment, savePromised } from '../payment/payment-store.ts'
import { answerOf } from './answer-order.ts'
import { GATHERED } from './gathered.ts'
import type { OrderInHand } from './keep-order.ts'

/** An order to be confirmed, as it was and as it is then, what is told of it, and the request that gets the answer. */
type Wanted = {
  before: OrderInHand
  after: StoredOrder
  payment: StoredPayment
  told: Composed
  keyed: KeyedRequest | undefined
}

/**
 * Confirms an order whose stock and money are there, in one transaction with its parts, its payment, the message that
 * tells its people, and the stored answer for the request. If the order is no longer PENDING (already confirmed, or
 * cancelled), nothing is changed and the result is undefined. After a cancellation, its message releases the stock and
 * the payment is voided.
 *
 * The order is kept in memory: nothing of it can have changed while its state is still PENDING.
 */
export async function confirmOrder(
  deps: Deps,
  order: OrderInHand,
  { payment, keyed }: { payment: StoredPayment; keyed: KeyedRequest | undefined },
): Promise<KeptAnswer | undefined> {
  const promised = { ...payment, status: promisedStatus(payment.type) }
  const after = confirmed(order, promised)
  const told = await composeChange(after, { change: 'CONFIRMED', lines: quantitiesLeft(after.lines) })
  const answer = await confirmTogether(deps.database, {
    before: order,
    after,
    payment: promised,
    told,
    keyed,
  })
  if (answer) deps.metrics.confirmed.inc()
  deps.wake.relay()
  deps.wake.payments()
  return answer
}

const confirmTogether = gatherOn(confirmOrders, { ...GATHERED, sizeOf: ({ before }) => before.lines.length })

/** Confirms orders in one transaction. Fails when one of several is not PENDING: then they are confirmed one by one. */
async function confirmOrders(
  database: Database,
  all: Wanted[],
  patience: Patience,
): Promise<(KeptAnswer | undefined)[]> {
  const confirm = async (tx: Transaction): Promise<(KeptAnswer | undefined)[]> => {
    const pending = await saveConfirmed(
      tx,
      all.map(({ before }) => before.id),
    )
    if (pending === 0) return all.map(() => undefined)
    if (pending < all.length) throw new Error('not every order of a batch is PENDING')
    const promised = await savePromised(
      tx,
      all.map(({ payment }) => payment.id),
    )
    assertInvariant(promised === all.length, 'authorised-was-pending', 'A declined payment was authorised')
    await insertParts(
      tx,
      all.flatMap(({ after }) => after.parts),
    )
    await insertEventsOfMany(tx, all.map(confirmation))
    await insertMessages(
      tx,
      all.map(({ told }) => told),
    )
    // failpoint: confirm-order.before-commit
    const answers = all.map(({ after, keyed }) => ({ answer: answerOf(after), keyed }))
    await keepAnswers(
      tx,
      answers.flatMap(({ answer, keyed }) => (keyed ? [{ answer, keyed }] : [])),
    )
    // failpoint: keep-answer.before-commit
    return answers.map(({ answer }) => answer)
  }
  return inTransaction(database, confirm, patience)
}

/** What the timeline of an order says about its confirmation. */
function confirmation({ before, payment: { status, amountMinor } }: Wanted): Addition {
  const entries = [
    { type: 'CONFIRMED', actor: 'SYSTEM' },
    { type: `PAYMENT_${status}`, actor: 'SYSTEM', detail: { amountMinor } },
  ] as const
  return { orderId: before.id, entries, last: before.lastEventId }
}

/** A PENDING order at the moment it is confirmed: each seller has a part to ship, and the money is promised. */
function confirmed(order: StoredOrder, payment: StoredPayment): StoredOrder {
  const [, ...earlier] = order.payments
  const payments = [payment, ...earlier]
  return { ...order, status: 'CONFIRMED', payBy: null, workDueAt: null, parts: newParts(order), payments }
}

/** The lines that each seller has to ship, in the order of the table. */
export function newParts({ id: orderId, lines }: Pick<StoredOrder, 'id' | 'lines'>): StoredOrder['parts'] {
  const unknown = { carrier: null, trackingNumber: null, shippedAt: null, deliveredAt: null }
  return partsOf(lines)
    .map((part) => ({ ...part, ...unknown, orderId }))
    .sort((one, other) => (one.sellerId < other.sellerId ? -1 : 1))
}
