import { inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { duplicateKey } from '@bazaar/shared/database/errors'
import { gather, type Patience } from '@bazaar/shared/process/gather'
import { listOffers } from '../catalogue/product-store.ts'
import type { Deps } from '../deps.ts'
import { duplicateProduct } from '../errors.ts'
import { promptly } from './answer-promptly.ts'
import { decideReservations, type Outcome, type ReservationRequest } from './decide-reservations.ts'
import type { Reservation } from './reservation.ts'
import { insertReservations, listReservations } from './reservation-store.ts'
import { lockStock, saveMovements } from './stock-store.ts'

/** At most this many lines share a transaction; more would not make it faster. */
const BATCH_LINES_MAX = 64
/** At most this many orders wait. At a thousand a second it is half a second. */
const WAITING_MAX = 512
/** So many batches that wait for nobody, and so many that wait for stock, may be under way. */
const BATCHES_AT_ONCE = 4

/**
 * Reserves stock for orders: all lines of an order or none. Asking again gives the same answer.
 *
 * Orders that arrive while others are being served are served together, under the locks of all their products. Those
 * that begin with the same product wait for each other, and not in the database: so a product that everybody wants
 * sells many times faster than one by one. An order whose products somebody else has locked is left out, and waits for
 * them together only with those that want the same: so it keeps nobody from the others.
 *
 * Both functions throw {DependencyUnavailable}, also when too many orders wait.
 */
export function createReservations(deps: Deps): Reservations {
  const limits = {
    of: 'stock',
    batchMax: BATCH_LINES_MAX,
    waitingMax: WAITING_MAX,
    atOnce: BATCHES_AT_ONCE,
    sizeOf: ({ lines }: ReservationRequest) => lines.length,
  }
  const reserving = (locking: Locking) => (requests: ReservationRequest[], patience: Patience) =>
    reserve(deps, requests, { locking, patience })
  const together = gather(reserving({ skipLocked: true }), {
    ...limits,
    keyOf: (request) => productsOf(request)[0] ?? '',
  })
  const waiting = gather(reserving({}), {
    ...limits,
    keyOf: (request) => productsOf(request).join(),
    isKeyedApart: true,
    isPatient: true,
  })

  /** Waits for nobody: there is no outcome when somebody else has locked the stock. */
  async function attempt(request: ReservationRequest): Promise<Outcome | undefined> {
    refuseTwice(request)
    const outcome = await together(request)
    // failpoint: place-reservation.after-commit
    return outcome
  }

  return {
    placeReservation: async (request) => {
      const outcome = (await attempt(request)) ?? (await waiting(request))
      if (!outcome) throw new Error('a reservation has no outcome')
      if ('refusal' in outcome) throw outcome.refusal
      return outcome.reservation
    },
    placeReservations: (requests) => promptly(requests, attempt),
  }
}

/** @throws {DomainError} duplicate-product: two checks of the same stock would both succeed. */
function refuseTwice({ lines }: ReservationRequest): void {
  if (new Set(lines.map(({ productId }) => productId)).size < lines.length) throw duplicateProduct()
}

/** Stock is reserved for one order, or for several. */
export type Reservations = {
  /**
   * Waits for stock that somebody else has locked.
   * @throws {DomainError} duplicate-product, product-gone, price-changed, out-of-stock, reservation-mismatch,
   * order-cancelled, reservation-expired.
   */
  placeReservation: (request: ReservationRequest) => Promise<Reservation>
  /** Waits for nobody: an order whose stock is locked elsewhere has no outcome. */
  placeReservations: (requests: readonly ReservationRequest[]) => Promise<(Outcome | undefined)[]>
}

/** The products of an order as they are locked, in the order of their ids. */
function productsOf({ lines }: ReservationRequest): string[] {
  return lines.map(({ productId }) => productId).toSorted()
}

/** Whether stock that is locked elsewhere is left out, and the orders for it with it. */
type Locking = { skipLocked?: true }

/**
 * Serves orders in one transaction, assuming that none of them has a reservation yet. If one has, the unique key
 * notices, and the second attempt looks up the existing ones. An order that is left out has no outcome.
 */
async function reserve(
  deps: Deps,
  requests: ReservationRequest[],
  { locking, patience }: { locking: Locking; patience: Patience },
): Promise<(Outcome | undefined)[]> {
  const holdSeconds = deps.config.reservationHoldSeconds
  const once = (isRepeated: boolean) =>
    inTransaction(
      deps.database,
      (tx) => reserveWithin(tx, requests, { holdSeconds, isRepeated, locking }),
      patience,
    )
  try {
    return counted(deps, await once(false))
  } catch (error) {
    if (duplicateKey(error) === undefined) throw error
    return counted(deps, await once(true))
  }
}

async function reserveWithin(
  tx: Transaction,
  asked: readonly ReservationRequest[],
  options: { holdSeconds: number; isRepeated: boolean; locking: Locking },
): Promise<Decided> {
  const productIds = asked.flatMap(({ lines }) => lines.map(({ productId }) => productId))
  const offers = new Map((await listOffers(tx, productIds)).map((offer) => [offer.productId, offer]))
  const { levels: locked, now } = await lockStock(tx, productIds, options.locking)
  // What is on offer has stock, so that is locked elsewhere. What is not on offer is gone, and nobody waits for it.
  const isLeftOut = ({ lines }: ReservationRequest) =>
    options.locking.skipLocked === true &&
    lines.some(({ productId }) => offers.has(productId) && !locked.has(productId))
  const requests = asked.filter((request) => !isLeftOut(request))
  const shelf = {
    offers,
    levels: locked,
    now,
    expiresAt: new Date(now.getTime() + options.holdSeconds * 1000),
  }

  let decided = options.isRepeated ? undefined : decideReservations(requests, shelf, new Map())
  // Most orders ask once. A refused order may have got a reservation earlier, when there was enough stock.
  if (!decided || decided.outcomes.some((outcome) => 'refusal' in outcome)) {
    const stored = await listReservations(
      tx,
      requests.map(({ orderId }) => orderId),
    )
    decided = decideReservations(requests, shelf, new Map(stored.map((one) => [one.orderId, one])))
  }
  const { outcomes, created, moved } = decided
  await insertReservations(tx, created, now)
  // failpoint: place-reservation.after-insert
  await saveMovements(tx, locked, moved)
  // failpoint: place-reservation.before-commit
  const inOrder = outcomes.values()
  return {
    outcomes: asked.map((request) => (isLeftOut(request) ? undefined : inOrder.next().value)),
    heldCount: created.length,
  }
}

/** What was decided together, and how many reservations are new. */
type Decided = { outcomes: (Outcome | undefined)[]; heldCount: number }

function counted({ metrics }: Deps, { outcomes, heldCount }: Decided): Decided['outcomes'] {
  metrics.held.add(heldCount)
  for (const outcome of outcomes)
    if (outcome && 'refusal' in outcome) metrics.refused.inc(outcome.refusal.code)
  return outcomes
}
