import { inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { duplicateKey } from '@bazaar/shared/database/errors'
import { listOffers } from '../catalogue/product-store.ts'
import type { Deps } from '../deps.ts'
import { duplicateProduct } from '../errors.ts'
import { decideReservations, type Outcome, type ReservationRequest } from './decide-reservations.ts'
import { gather } from './gather.ts'
import type { Reservation } from './reservation.ts'
import { insertReservations, listReservations } from './reservation-store.ts'
import { lockStock, saveMovements } from './stock-store.ts'

/** At most this many orders for one product share a transaction; more would not make it faster. */
const BATCH_MAX = 64
/** At most this many orders wait for one product. At a thousand a second it is half a second. */
const WAITING_MAX = 512

/**
 * Reserves stock for orders: all lines of an order or none. Asking again gives the same answer.
 *
 * Orders for a single product that arrive while another order for it is being served are served together, under one
 * lock: a product that everybody wants sells many times faster than one by one.
 *
 * The function throws {DomainError} duplicate-product, product-gone, price-changed, out-of-stock,
 * reservation-mismatch, order-cancelled, reservation-expired; {DependencyUnavailable} also when too many orders wait.
 */
export function createReservations(deps: Deps): (request: ReservationRequest) => Promise<Reservation> {
  const together = gather((requests: ReservationRequest[]) => reserve(deps, requests), {
    of: 'stock',
    batchMax: BATCH_MAX,
    waitingMax: WAITING_MAX,
  })

  async function outcomeOf(request: ReservationRequest): Promise<Outcome | undefined> {
    const [first, ...others] = request.lines
    if (first && others.length === 0) return together(first.productId, request)
    const [outcome] = await reserve(deps, [request])
    return outcome
  }

  return async (request) => {
    const ids = request.lines.map(({ productId }) => productId)
    if (new Set(ids).size < ids.length) throw duplicateProduct()
    const outcome = await outcomeOf(request)
    // failpoint: place-reservation.after-commit
    if (!outcome) throw new Error('a reservation has no outcome')
    if ('refusal' in outcome) throw outcome.refusal
    return outcome.reservation
  }
}

/**
 * Serves orders in one transaction, assuming that none of them has a reservation yet. If one has, the unique key
 * notices, and the second attempt looks up the existing ones.
 */
async function reserve(deps: Deps, requests: ReservationRequest[]): Promise<Outcome[]> {
  const holdSeconds = deps.config.reservationHoldSeconds
  const once = (isRepeated: boolean) =>
    inTransaction(deps.database, (tx) => reserveWithin(tx, requests, { holdSeconds, isRepeated }))
  try {
    return counted(deps, await once(false))
  } catch (error) {
    if (duplicateKey(error) === undefined) throw error
    return counted(deps, await once(true))
  }
}

async function reserveWithin(
  tx: Transaction,
  requests: readonly ReservationRequest[],
  options: { holdSeconds: number; isRepeated: boolean },
): Promise<Decided> {
  const productIds = requests.flatMap(({ lines }) => lines.map(({ productId }) => productId))
  const offers = new Map((await listOffers(tx, productIds)).map((offer) => [offer.productId, offer]))
  const { levels: locked, now } = await lockStock(tx, productIds)
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
  return { outcomes, heldCount: created.length }
}

/** What was decided together, and how many reservations are new. */
type Decided = { outcomes: Outcome[]; heldCount: number }

function counted({ metrics }: Deps, { outcomes, heldCount }: Decided): Outcome[] {
  metrics.held.add(heldCount)
  for (const outcome of outcomes) if ('refusal' in outcome) metrics.refused.inc(outcome.refusal.code)
  return outcomes
}
