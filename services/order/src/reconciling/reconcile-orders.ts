import { setTimeout as delay } from 'node:timers/promises'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { inTransaction, read } from '@bazaar/shared/database/database'
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
  PENDING_SECONDS_MAX,
  type PlacedPosition,
  saveForgottenWork,
} from './reconcile-store.ts'
import { type Difference, ownDifferencesOf, stockDifferenceOf } from './reconciliation.ts'

/** A difference that lasts, and whether what resolves it was sent. */
export type Found = { orderId: string; difference: Difference; repaired: boolean }

/** As many as inventory answers for at once. */
const PAGE_SIZE = 50
/** Of each kind; what is left comes next time. */
const LEFT_ALONE_MAX = 50
/** Messages that are on their way arrive meanwhile; what then still differs will not resolve itself. */
const SECOND_LOOK_MS = 5_000

/**
 * Compares orders with the stock that inventory keeps for them, and with themselves, and names every difference that is
 * still there at a second look. With `repair` what was lost on the way is sent again: cancellations, under new event
 * ids, which inventory recognises by the cancellation, and confirmations; and what nobody was told to do is made due.
 * The rest is for a person to decide: sold stock that is missing, money or states that contradict each other. Of such
 * an order nothing is repaired, because nobody knows which of its rows are right.
 *
 * Looks at the orders placed in the last `hours`, at all whose cancelled stock is not known to be back, and at those
 * that should have gone on by themselves.
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
        'an order does not agree with its stock or itself',
      )
      deps.metrics.differences.inc({ difference })
      found.set(key, { orderId: order.id, difference, repaired })
    }
  }
  return [...found.values()]
}

/** Orders to be compared, with their stock or only with themselves. */
type Page = { orderIds: string[]; withStock: boolean }

/**
 * The orders to be compared, page by page: each page is found by an index, however many orders there are. Those that
 * should have gone on come first and without inventory, which may be what keeps them from it.
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

/** Rows that say different things: what is right of such an order nobody but a person can tell. */
const CONTRADICTIONS = new Set<Difference>([
  'total-not-of-lines',
  'state-not-of-parts',
  'money-not-adding-up',
])

/** Sends what resolves a difference. False when nothing does. */
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

/** Has the workers look at an order and its payment: they do what is to be done, which may be nothing. */
async function makeDue(deps: Deps, { id, payment }: ComparedOrder): Promise<boolean> {
  await inTransaction(deps.database, async (tx) => {
    await holdOrder(tx, id)
    await saveForgottenWork(tx, { orderId: id, paymentId: payment?.id })
  })
  deps.wake.payments()
  return true
}

/** Refused is what was cancelled or expired meanwhile: the next comparison finds out. */
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
