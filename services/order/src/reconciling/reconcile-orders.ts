import { setTimeout as delay } from 'node:timers/promises'
import { RESERVATIONS_MAX as PAGE_SIZE } from '@bazaar/shared/api/inventory'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { inTransaction, read } from '@bazaar/shared/database/database'
import { PENDING_SECONDS_MAX } from '@bazaar/shared/telemetry/waits'
import { announceCancellation } from '../cancelling/announce-cancellation.ts'
import { listCancellations } from '../cancelling/cancellation-store.ts'
import type { Deps } from '../deps.ts'
import { holdOrder } from '../orders/order-store.ts'
import { isAsProviderSays } from '../payment/payment.ts'
import { reservationsOf } from './list-reservations.ts'
import { missingOrders } from './missing-orders.ts'
import {
  type ComparedOrder,
  listCompared,
  listLeftAlone,
  listPlaced,
  listStockOut,
  type PlacedPosition,
  saveForgottenWork,
} from './reconcile-store.ts'
import { type Difference, ownDifferencesOf, stockDifferenceOf } from './reconciliation.ts'

/** A difference that lasts, and whether its remedy was sent. */
export type Found = { orderId: string; difference: Difference; repaired: boolean }

/** Of each kind; the rest comes next time. */
const LEFT_ALONE_MAX = 50
/** Messages that are on their way arrive within this time; a difference that remains will not resolve itself. */
const SECOND_LOOK_MS = 5_000

/**
 * Compares orders with the stock that inventory keeps for them, with the books of the payment provider and with
 * themselves, and reports every difference that is still there at a second look. With `repair`, things lost on the way are sent again: confirmations, and
 * cancellations under new event ids, which inventory recognises by the cancellation. Work that no worker was told
 * about is made due. The rest is for a person to decide: missing stock that was sold, or money or states that
 * contradict each other. Such an order is not repaired, because it is unknown which of its rows are right.
 *
 * Looks at the orders placed in the last `hours`, at all whose cancelled stock is not known to be back, at those that
 * should have moved on by themselves, and at the stock that is kept for orders of the last `hours` that are not there.
 */
export async function reconcileOrders(
  deps: Deps,
  options: { hours: number; repair: boolean; secondLookMs?: number },
): Promise<Found[]> {
  const { hours, repair: mayRepair, secondLookMs = SECOND_LOOK_MS } = options
  const found = new Map<string, Found>()
  function note(one: Found): void {
    deps.log.error(one, 'an order does not match its stock or itself')
    deps.metrics.differences.inc({ difference: one.difference })
    found.set(keyOf(one), one)
  }
  for await (const page of pagesToCompare(deps, hours)) {
    const suspects = await differencesAmong(deps, page)
    if (suspects.length > 0) await delay(secondLookMs)
    const orderIds = [...new Set(suspects.map(({ order: { id } }) => id))]
    for (const suspect of await differencesAmong(deps, { ...page, orderIds })) {
      const { order, difference } = suspect
      if (found.has(keyOf({ orderId: order.id, difference }))) continue
      note({ orderId: order.id, difference, repaired: mayRepair && (await repair(deps, suspect)) })
    }
  }
  for await (const orderId of missingOrders(deps, { hours, secondLookMs }))
    note({ orderId, difference: 'order-missing', repaired: false })
  return [...found.values()]
}

function keyOf({ orderId, difference }: Pick<Found, 'orderId' | 'difference'>): string {
  return `${orderId} ${difference}`
}

/** Orders to compare, with inventory and the payment provider or only with themselves. */
type Page = { orderIds: string[]; withOthers: boolean }

/**
 * The orders to compare, page by page; an index finds each page, however many orders there are. Orders that should
 * have moved on come first and are compared without the others, because these may be what holds them up.
 */
async function* pagesToCompare(deps: Deps, hours: number): AsyncGenerator<Page> {
  const leftAlone = await read(deps.database, (connection) => listLeftAlone(connection, LEFT_ALONE_MAX))
  yield { orderIds: leftAlone, withOthers: false }
  let afterId: string | undefined
  do {
    const ids = await read(deps.database, (connection) =>
      listStockOut(connection, { afterId, most: PAGE_SIZE }),
    )
    yield { orderIds: ids, withOthers: true }
    afterId = ids.length < PAGE_SIZE ? undefined : ids.at(-1)
  } while (afterId !== undefined)
  let after: PlacedPosition | undefined
  do {
    const page = await read(deps.database, (connection) =>
      listPlaced(connection, { hours, after, most: PAGE_SIZE }),
    )
    yield { orderIds: page.map(({ id }) => id), withOthers: true }
    after = page.length < PAGE_SIZE ? undefined : page.at(-1)
  } while (after !== undefined)
}

type Suspect = { order: ComparedOrder; difference: Difference; isSound: boolean }

async function differencesAmong(deps: Deps, { orderIds, withOthers }: Page): Promise<Suspect[]> {
  if (orderIds.length === 0) return []
  const reservations = withOthers ? await reservationsOf(deps, orderIds) : undefined
  const orders = await read(deps.database, (connection) => listCompared(connection, orderIds))
  const paymentIds = orders.flatMap(({ attempts }) => attempts.map(({ id }) => id))
  const books = withOthers ? await deps.provider.statesOf(paymentIds) : undefined
  return orders.flatMap((order) => {
    const own = ownDifferencesOf(order, { pendingSecondsMax: PENDING_SECONDS_MAX })
    const isSound = !own.some((difference) => CONTRADICTIONS.has(difference))
    const found: Difference[] = [...own]
    if (books && !order.attempts.every(({ id, status }) => isAsProviderSays(status, books.get(id))))
      found.push('provider-disagrees')
    const kept = reservations?.find((reservation) => reservation.orderId === order.id)
    const ofStock = reservations && stockDifferenceOf(order, kept)
    if (ofStock) found.push(ofStock)
    return found.map((difference) => ({ order, difference, isSound }))
  })
}

/** Rows that contradict each other: only a person can tell what is right for such an order. */
const CONTRADICTIONS = new Set<Difference>([
  'total-not-of-lines',
  'state-not-of-parts',
  'money-not-adding-up',
])

/** Sends the remedy for a difference. False when there is none. */
async function repair(deps: Deps, { order, difference, isSound }: Suspect): Promise<boolean> {
  if (!isSound) return false
  switch (difference) {
    case 'stock-not-returned':
    case 'return-not-noted':
      return announceAgain(deps, order.id)
    case 'stock-not-kept':
      return confirmAgain(deps, order.id)
    case 'payment-left-alone':
    case 'order-left-alone':
      return makeDue(deps, order)
    default:
      return false
  }
}

/** Makes the workers look at an order and its payment: they do whatever is due, which may be nothing. */
async function makeDue(deps: Deps, { id, payment }: ComparedOrder): Promise<boolean> {
  await inTransaction(deps.database, async (tx) => {
    await holdOrder(tx, id)
    await saveForgottenWork(tx, { orderId: id, paymentId: payment?.id })
  })
  deps.wake.payments()
  return true
}

/** Orders cancelled or expired in the meantime are refused; the next comparison will see that. */
async function confirmAgain(deps: Deps, orderId: string): Promise<boolean> {
  try {
    await deps.inventory.confirmReservation({ params: { orderId } })
    return true
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error
    return false
  }
}

async function announceAgain(deps: Deps, orderId: string): Promise<boolean> {
  let afterId: string | undefined
  for (;;) {
    const announced = await inTransaction(deps.database, async (tx) => {
      await holdOrder(tx, orderId)
      const page = await listCancellations(tx, { orderId, afterId, most: PAGE_SIZE })
      for (const cancellation of page) await announceCancellation(tx, cancellation)
      return page
    })
    deps.wake.relay()
    if (announced.length < PAGE_SIZE) return afterId !== undefined || announced.length > 0
    afterId = announced.at(-1)?.id
  }
}
