import { inTransaction, type Transaction } from '@bazaar/shared/database/database'
import { duplicateKey } from '@bazaar/shared/database/errors'
import { DomainError } from '@bazaar/shared/problem'
import type { Deps } from './deps.ts'
import { duplicateProduct } from './errors.ts'
import { gather } from './gather.ts'
import { listOffers } from './product-store.ts'
import {
  type AskedLine,
  holdStock,
  type Reservation,
  refuseUnlessReservable,
  repeatReservation,
} from './reservation.ts'
import { insertReservations, listReservations } from './reservation-store.ts'
import { type Movement, moveStock } from './stock.ts'
import { lockStock, saveMovements } from './stock-store.ts'

/** What an order wants to have set aside. */
export type ReservationRequest = { orderId: string; lines: AskedLine[] }

type Outcome = { reservation: Reservation } | { refusal: DomainError }

/** As many orders for one product go into one transaction; more would not make it faster. */
const BATCH_MAX = 64
/** More orders than that do not wait for one product. At a thousand a second it is half a second. */
const WAITING_MAX = 512

/**
 * Sets stock aside for orders: all lines of an order or none. Asking again gives the same answer.
 *
 * Orders of a single product that arrive while another of the same product is being served are served together,
 * under one lock: what everybody wants is then sold many times faster than one by one.
 *
 * The function throws {DomainError} duplicate-product, product-gone, price-changed, out-of-stock,
 * reservation-mismatch, order-cancelled, reservation-expired; {DependencyUnavailable} also when too many wait.
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
 * Serves orders in one transaction. Should one of them get a reservation from elsewhere at the same moment, the
 * unique key notices, and the second try finds that reservation.
 */
async function reserve(deps: Deps, requests: ReservationRequest[]): Promise<Outcome[]> {
  const once = () =>
    inTransaction(deps.database, (tx) => reserveWithin(tx, requests, deps.config.reservationHoldSeconds))
  try {
    return await once()
  } catch (error) {
    if (duplicateKey(error) === undefined) throw error
    return once()
  }
}

async function reserveWithin(
  tx: Transaction,
  requests: readonly ReservationRequest[],
  holdSeconds: number,
): Promise<Outcome[]> {
  const productIds = requests.flatMap(({ lines }) => lines.map(({ productId }) => productId))
  const offers = new Map((await listOffers(tx, productIds)).map((offer) => [offer.productId, offer]))
  const { levels: locked, now } = await lockStock(tx, productIds)
  const expiresAt = new Date(now.getTime() + holdSeconds * 1000)

  const orderIds = requests.map(({ orderId }) => orderId)
  const known = new Map((await listReservations(tx, orderIds)).map((stored) => [stored.orderId, stored]))
  const created: Reservation[] = []
  const moved: Movement[] = []
  let levels = locked

  const outcomes = requests.map(({ orderId, lines }): Outcome => {
    try {
      const stored = known.get(orderId)
      if (stored) return { reservation: repeatReservation(stored, lines) }
      refuseUnlessReservable(lines, { offers, levels })
    } catch (refusal) {
      if (!(refusal instanceof DomainError)) throw refusal
      return { refusal }
    }
    const causes = lines.map(({ productId, quantity }) => ({
      productId,
      delta: -quantity,
      reason: 'RESERVED' as const,
      sourceId: orderId,
    }))
    const after = moveStock(levels, causes, now)
    const reservation = holdStock(orderId, lines, expiresAt)
    levels = after.levels
    moved.push(...after.movements)
    created.push(reservation)
    known.set(orderId, reservation)
    return { reservation }
  })

  await insertReservations(tx, created, now)
  // failpoint: place-reservation.after-insert
  await saveMovements(tx, locked, moved)
  // failpoint: place-reservation.before-commit
  return outcomes
}
