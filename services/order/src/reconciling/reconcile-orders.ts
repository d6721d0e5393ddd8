import { setTimeout as delay } from 'node:timers/promises'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { inTransaction, read } from '@bazaar/shared/database/database'
import { PENDING_SECONDS_MAX } from '@bazaar/shared/telemetry/waits'
import { announceCancellation } from '../cancelling/announce-cancellation.ts'
import { listCancellations } from '../cancelling/cancellation-store.ts'
import type { Deps } from '../deps.ts'
import { holdOrder } from '../orders/order-store.ts'
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

/** As many as inventory answers for in one call. */
const PAGE_SIZE = 50
/** Of each kind; the rest comes next time. */
const LEFT_ALONE_MAX = 50
/** Messages that are on their way arrive within this time; a difference that remains will not resolve itself. */
const SECOND_LOOK_MS = 5_000

/**
 * Compares orders with the stock that inventory keeps for them, and with themselves, and reports every difference
 * that is still there at a second look. With `repair`, things lost on the way are sent again: confirmations, and
 * cancellations under new event ids, which inventory recognises by the cancellation. Work that no worker was told
 * about is made due. The rest is for a person to decide: missing stock that was sold, or money or states that
 * contradict each other. Such an order is not repaired, because it is unknown which of its rows are right.
 *
 * Looks at the orders placed in the last `hours`, at all whose cancelled stock is not known to be back, and at those
 * that should have moved on by themselves.
 */
export async function reconcileOrders(
  deps: Deps,
  options: { hours: number; repair: boolean; secondLookMs?: number },
): Promise<Found[]> {
  const found = new Map<string, Found>()
  for await (const page of pagesToCompare(deps, options.hours)) {
    const suspects = await differencesAmong(deps, page)
    if (suspects.length > 0) await delay(options.secondLookMs ?? SECOND_LOOK_MS)
    const orderIds = [...new Set(suspects.map(({ order: { id } }) => id))]
    for (const suspect of await differencesAmong(deps, { ...page, orderIds })) {
      const { order, difference } = suspect
      const key = `${order.id} ${difference}`
      if (found.has(key)) continue
      const repaired = options.repair && (await repair(deps, suspect))
      deps.log.error(
        { orderId: order.id, difference, repaired },
        'an order does not match its stock or itself',
      )
      deps.metrics.differences.inc({ difference })
      found.set(key, { orderId: order.id, difference, repaired })
    }
  }
  return [...found.values()]
}

/** Orders to compare, with their stock or only with themselves. */
type Page = { orderIds: string[]; withStock: boolean }

/**
 * The orders to compare, page by page; an index finds each page, however many orders there are. Orders that should
 * have moved on come first and are compared without inventory, because it may be what holds them up.
 */
async function* pagesToCompare(deps: Deps, hours: number): AsyncGenerator<Page> {
  const leftAlone = await read(deps.database, (connection) => listLeftAlone(connection, LEFT_ALONE_MAX))
  yield { orderIds: leftAlone, withStock: false }
  let afterId: string | undefined
  do {
    const ids = await read(deps.database, (connection) =>
      listStockOut(connection, { afterId, most: PAGE_SIZE }),
    )
    yield { orderIds: ids, withStock: true }
    afterId = ids.length < PAGE_SIZE ? undefined : ids.at(-1)
  } while (afterId !== undefined)
  let after: PlacedPosition | undefined
  do {
    const page = await read(deps.database, (connection) =>
      listPlaced(connection, { hours, after, most: PAGE_SIZE }),
    )
    yield { orderIds: page.map(({ id }) => id), withStock: true }
    after = page.length < PAGE_SIZE ? undefined : page.at(-1)
  } while (after !== undefined)
}

type Suspect = { order: ComparedOrder; difference: Difference; isSound: boolean }

async function differencesAmong(deps: Deps, { orderIds, withStock }: Page): Promise<Suspect[]> {
  if (orderIds.length === 0) return []
  const reservations = withStock ? await reservationsOf(deps, orderIds) : undefined
  const orders = await read(deps.database, (connection) => listCompared(connection, orderIds))
  return orders.flatMap((order) => {
    const own = ownDifferencesOf(order, { pendingSecondsMax: PENDING_SECONDS_MAX })
    const kept = reservations?.find((reservation) => reservation.orderId === order.id)
    const ofStock = reservations && stockDifferenceOf(order, kept)
    const isSound = !own.some((difference) => CONTRADICTIONS.has(difference))
    return [...own, ...(ofStock ? [ofStock] : [])].map((difference) => ({ order, difference, isSound }))
  })
}

async function reservationsOf(deps: Deps, orderIds: readonly string[]) {
  return (await deps.inventory.listReservations({ query: { orderIds: orderIds.join(',') } })).body.items
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
