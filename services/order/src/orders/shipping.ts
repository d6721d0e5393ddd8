import { illegalTransition, shipmentDiffers } from '../errors.ts'
import { demand, type PartStatus } from './moves.ts'
import { type Order, statusOfParts } from './order.ts'

const PART_MOVES = {
  ship: { from: 'AWAITING_SHIPMENT', to: 'SHIPPED' },
  deliver: { from: 'SHIPPED', to: 'DELIVERED' },
} as const satisfies Record<'ship' | 'deliver', { from: PartStatus; to: PartStatus }>

/** The carrier and tracking number of a part. */
export type Shipment = { carrier: string | null; trackingNumber: string | null }

/**
 * A shipment completed with new details: missing ones may be added later, but known ones may not be changed.
 * Undefined when there is nothing new.
 * @throws {DomainError} shipment-differs.
 */
export function completeShipment(known: Shipment, said: Shipment): Shipment | undefined {
  const merged = {
    carrier: known.carrier ?? said.carrier,
    trackingNumber: known.trackingNumber ?? said.trackingNumber,
  }
  if (said.carrier !== null && said.carrier !== merged.carrier) throw shipmentDiffers()
  if (said.trackingNumber !== null && said.trackingNumber !== merged.trackingNumber) throw shipmentDiffers()
  const same = merged.carrier === known.carrier && merged.trackingNumber === known.trackingNumber
  return same ? undefined : merged
}

/**
 * Moves one seller's part on. Undefined when it is already there, so that nothing is to be done.
 * @throws {DomainError} illegal-transition when the state of the part, or of the order, does not allow it.
 */
export function movePart(order: Order, action: 'ship' | 'deliver', sellerId: string): Order | undefined {
  const { from, to } = PART_MOVES[action]
  const part = order.parts.find((one) => one.sellerId === sellerId)
  // A repeated step changes nothing, even if the next step was taken since.
  if (part?.status === to || (action === 'ship' && part?.status === 'DELIVERED')) return undefined
  if (!part || part.status !== from) throw illegalTransition(action, part?.status ?? order.status)
  demand(order.status, action)
  const parts = order.parts.map((one) => (one.sellerId === sellerId ? { ...one, status: to } : one))
  return { ...order, parts, status: statusOfParts(parts) }
}
