import type { MessageData } from '@bazaar/shared/api/messages'
import type { LetterLine, OrderFacts, OrderLetterKind } from './order-letters.ts'

type Changed = MessageData<'order.changed.v1'>

/** A letter that somebody is to get about an order. */
export type OrderLetter = {
  [Kind in OrderLetterKind]: { kind: Kind; userId: string; facts: OrderFacts[Kind] }
}[OrderLetterKind]

/**
 * The letters about a change of an order. The buyer is told of every one; the sellers of what they sold, and of what
 * they need not send any more.
 */
export function lettersAbout(changed: Changed): OrderLetter[] {
  const { orderId, currency, buyerId: userId, lines, givenBackMinor } = changed
  const facts = { orderId, currency, lines: listed(lines) }
  switch (changed.change) {
    case 'CONFIRMED':
      return [{ kind: 'order-confirmed', userId, facts }, ...toSellers(changed, 'sale-made')]
    case 'REJECTED':
      return [{ kind: 'order-rejected', userId, facts: { ...facts, reason: changed.rejectionReason } }]
    case 'SHIPPED': {
      const { carrier, trackingNumber } = changed
      return [{ kind: 'order-shipped', userId, facts: { ...facts, carrier, trackingNumber } }]
    }
    case 'DELIVERED':
      return [{ kind: 'order-delivered', userId, facts }]
    case 'CANCELLED':
    case 'PARTLY_CANCELLED': {
      const isWhole = changed.change === 'CANCELLED'
      return [
        { kind: 'order-cancelled', userId, facts: { ...facts, isWhole, givenBackMinor } },
        ...(changed.isSold ? toSellers(changed, 'sale-cancelled') : []),
      ]
    }
  }
}

/** A letter to each seller, with their own lines. */
function toSellers(
  { orderId, currency, lines }: Changed,
  kind: 'sale-made' | 'sale-cancelled',
): OrderLetter[] {
  const sellers = [...new Set(lines.map(({ sellerId }) => sellerId))]
  return sellers.map((userId) => {
    const theirs = lines.filter(({ sellerId }) => sellerId === userId)
    return { kind, userId, facts: { orderId, currency, lines: listed(theirs) } }
  })
}

function listed(lines: Changed['lines']): LetterLine[] {
  return lines.map(({ name, quantity, unitPriceMinor }) => ({ name, quantity, unitPriceMinor }))
}
