import { assertInvariant } from '@bazaar/shared/problem'
import { moreThanReserved } from '../errors.ts'
import { allows, isOverdue, type Reservation } from './reservation.ts'

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
