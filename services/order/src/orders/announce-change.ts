import type { MessageData } from '@bazaar/shared/api/messages'
import { holdsCardNumber } from '@bazaar/shared/api/text/card-number'
import { type Composed, composeMessage } from '@bazaar/shared/messaging/outbox'
import type { RejectionReason } from '../errors.ts'
import type { Quantities } from './amounts.ts'
import type { StoredOrder } from './order-store.ts'
import type { Shipment } from './shipping.ts'

/** A change of an order that its people are told of, and what of the order it is about. */
export type Change = {
  change: MessageData<'order.changed.v1'>['change']
  lines: Quantities
  givenBackMinor?: number
  rejectionReason?: RejectionReason
  shipment?: Shipment
}

/**
 * Composes the message by which the user service tells the buyer and the sellers of a change. It is to be inserted in
 * the transaction of that change.
 *
 * A tracking number that could be that of a card is left out: the order shows it, and no letter carries it around.
 */
export function composeChange(
  order: Pick<StoredOrder, 'id' | 'buyerId' | 'currency' | 'lines' | 'parts'>,
  { change, lines, givenBackMinor = 0, rejectionReason, shipment }: Change,
): Promise<Composed> {
  const trackingNumber = shipment?.trackingNumber ?? null
  return composeMessage({
    service: 'order',
    type: 'order.changed.v1',
    subject: order.id,
    data: {
      orderId: order.id,
      buyerId: order.buyerId,
      change,
      // Only what was confirmed has parts for its sellers.
      isSold: order.parts.length > 0,
      currency: order.currency,
      lines: lines.map(({ productId, quantity }) => ({ ...soldAs(order, productId), quantity })),
      givenBackMinor,
      rejectionReason: rejectionReason ?? null,
      carrier: shipment?.carrier ?? null,
      trackingNumber: trackingNumber !== null && holdsCardNumber(trackingNumber) ? null : trackingNumber,
    },
  })
}

function soldAs({ lines }: Pick<StoredOrder, 'lines'>, productId: string) {
  const line = lines.find((one) => one.productId === productId)
  if (!line) throw new Error('an order lacks a line of its own')
  const { sellerId, name, unitPriceMinor } = line
  return { sellerId, name, unitPriceMinor }
}
