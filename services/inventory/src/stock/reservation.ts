import { assertInvariant } from '@bazaar/shared/problem'
import {
  moreThanReserved,
  orderCancelled,
  outOfStock,
  priceChanged,
  productGone,
  reservationExpired,
  reservationMismatch,
} from '../errors.ts'
import type { StockLevels } from './stock.ts'

/** A product in a reservation. `releasedQuantity` is the part of `quantity` that was given back since. */
export type ReservationLine = {
  productId: string
  quantity: number
  releasedQuantity: number
  unitPriceMinor: number
  currency: string
}

/** The states of a reservation. RELEASED and EXPIRED are final. */
export type ReservationStatus = 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED'

/** Stock reserved for an order. RELEASED without lines: the order was cancelled before its reservation arrived. */
export type Reservation = {
  orderId: string
  status: ReservationStatus
  expiresAt: Date | null
  lines: ReservationLine[]
}

/** A requested product: the quantity, and the price that the buyer was promised. */
export type AskedLine = Pick<ReservationLine, 'productId' | 'quantity' | 'unitPriceMinor' | 'currency'>

/** The values that decide whether a product can be sold. */
export type Offer = { status: 'LISTED' | 'ARCHIVED'; priceMinor: number; currency: string }

const MOVES = {
  HELD: ['confirm', 'release', 'expire'],
  CONFIRMED: ['confirm', 'release'],
  RELEASED: [],
  EXPIRED: [],
} as const satisfies Record<ReservationStatus, readonly string[]>

function allows(status: ReservationStatus, move: 'confirm' | 'release' | 'expire'): boolean {
  return MOVES[status].some((allowed) => allowed === move)
}

/**
 * Checks that every line can be reserved as requested.
 * @throws {DomainError} product-gone, price-changed or out-of-stock, naming the products.
 */
export function refuseUnlessReservable(
  asked: readonly AskedLine[],
  { offers, levels }: { offers: ReadonlyMap<string, Offer>; levels: StockLevels },
): void {
  const idsOf = (wrong: (line: AskedLine) => boolean) => asked.filter(wrong).map(({ productId }) => productId)

  const gone = idsOf(({ productId }) => offers.get(productId)?.status !== 'LISTED' || !levels.has(productId))
  if (gone.length > 0) throw productGone(gone)

  const repriced = idsOf(({ productId, unitPriceMinor, currency }) => {
    const offer = offers.get(productId)
    return offer?.priceMinor !== unitPriceMinor || offer.currency !== currency
  })
  if (repriced.length > 0) throw priceChanged(repriced)

  const short = idsOf(({ productId, quantity }) => (levels.get(productId)?.stockCount ?? 0) < quantity)
  if (short.length > 0) throw outOfStock(short)
}

/** A new reservation: all of it is held, nothing has been given back. */
export function holdStock(orderId: string, asked: readonly AskedLine[], expiresAt: Date): Reservation {
  return {
    orderId,
    status: 'HELD',
    expiresAt,
    lines: asked.map(({ productId, quantity, unitPriceMinor, currency }) => ({
      productId,
      quantity,
      releasedQuantity: 0,
      unitPriceMinor,
      currency,
    })),
  }
}

/**
 * The answer to an order that asks again: its reservation as it is now.
 * @throws {DomainError} reservation-mismatch when it asks for something else now; order-cancelled or
 * reservation-expired when nothing is reserved for it any more.
 */
export function repeatReservation(stored: Reservation, asked: readonly AskedLine[]): Reservation {
  if (stored.lines.length > 0 && !sameLines(stored.lines, asked)) throw reservationMismatch()
  if (stored.status === 'RELEASED') throw orderCancelled()
  if (stored.status === 'EXPIRED') throw reservationExpired()
  return stored
}

function sameLines(stored: readonly AskedLine[], asked: readonly AskedLine[]): boolean {
  return (
    stored.length === asked.length &&
    asked.every((line) =>
      stored.some(
        (one) =>
          one.productId === line.productId &&
          one.quantity === line.quantity &&
          one.unitPriceMinor === line.unitPriceMinor &&
          one.currency === line.currency,
      ),
    )
  )
}

/**
 * Confirms a held reservation for good. Confirming again changes nothing.
 * @throws {DomainError} order-cancelled; reservation-expired, also when the hold has ended but the stock has not been
 * put back yet.
 */
export function confirmStock(stored: Reservation, now: Date): Reservation {
  if (stored.status === 'RELEASED') throw orderCancelled()
  if (!allows(stored.status, 'confirm') || isOverdue(stored, now)) throw reservationExpired()
  return { ...stored, status: 'CONFIRMED' }
}

/** Stock that goes back: the quantity of each product. */
export type Returned = { productId: string; quantity: number }

/**
 * Gives back the cancelled quantities. If the reservation expired or never arrived, there is nothing to give back.
 * @throws {DomainError} more-than-reserved.
 */
export function releaseStock(
  stored: Reservation,
  cancelled: readonly Returned[],
): { reservation: Reservation; returned: Returned[] } {
  if (stored.status === 'EXPIRED' || stored.lines.length === 0) return { reservation: stored, returned: [] }
  for (const { productId, quantity } of cancelled) {
    const line = stored.lines.find((one) => one.productId === productId)
    if (!allows(stored.status, 'release') || !line || quantity > line.quantity - line.releasedQuantity)
      throw moreThanReserved()
  }
  const lines = stored.lines.map((line) => {
    const more = cancelled.find(({ productId }) => productId === line.productId)?.quantity ?? 0
    return { ...line, releasedQuantity: line.releasedQuantity + more }
  })
  const empty = lines.every((line) => line.releasedQuantity === line.quantity)
  return {
    reservation: { ...stored, lines, status: empty ? 'RELEASED' : stored.status },
    returned: [...cancelled],
  }
}

/**
 * Checks that exactly the quantities a reservation gives up go back, product by product.
 * @throws {InvariantViolation} when they are more, less or different.
 */
export function demandBalance(
  { before, after }: { before: Reservation; after: Reservation },
  returned: readonly Returned[],
): void {
  const givenUp = after.lines.map(({ productId, releasedQuantity }) => {
    const line = before.lines.find((one) => one.productId === productId)
    return releasedQuantity - (line?.releasedQuantity ?? 0)
  })
  const balanced = after.lines.every(
    ({ productId }, index) =>
      returned
        .filter((one) => one.productId === productId)
        .reduce((sum, { quantity }) => sum + quantity, 0) === givenUp[index],
  )
  const known = returned.every((one) => after.lines.some(({ productId }) => productId === one.productId))
  assertInvariant(
    balanced && known,
    'released-is-taken',
    'The stock that goes back is not what the reservation gives up',
  )
}

/** Gives back stock that was held for too long; undefined when it is not overdue, or no longer held. */
export function expireStock(
  stored: Reservation,
  now: Date,
): { reservation: Reservation; returned: Returned[] } | undefined {
  if (!allows(stored.status, 'expire') || !isOverdue(stored, now)) return undefined
  return {
    reservation: {
      ...stored,
      status: 'EXPIRED',
      lines: stored.lines.map((line) => ({ ...line, releasedQuantity: line.quantity })),
    },
    returned: stored.lines
      .map(({ productId, quantity, releasedQuantity }) => ({
        productId,
        quantity: quantity - releasedQuantity,
      }))
      .filter(({ quantity }) => quantity > 0),
  }
}

function isOverdue({ status, expiresAt }: Reservation, now: Date): boolean {
  return status === 'HELD' && expiresAt !== null && expiresAt.getTime() <= now.getTime()
}
