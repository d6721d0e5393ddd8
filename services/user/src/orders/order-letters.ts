/** What of a product a letter is about, as it lists it. */
export type LetterLine = { name: string; quantity: number; unitPriceMinor: number }

/** What every letter about an order tells. */
export type Ordered = { orderId: string; currency: string; lines: LetterLine[] }

/** The facts of each kind of letter about an order. None has a name or an address of a person. */
export type OrderFacts = {
  'order-confirmed': Ordered
  'order-rejected': Ordered & { reason: string | null }
  'order-shipped': Ordered & { carrier: string | null; trackingNumber: string | null }
  'order-delivered': Ordered
  'order-cancelled': Ordered & { isWhole: boolean; givenBackMinor: number }
  'sale-made': Ordered
  'sale-cancelled': Ordered
}

/** A kind of letter about an order. */
export type OrderLetterKind = keyof OrderFacts

/** Who gets each letter, and when. docs/letters.md is made of it. */
export const orderLetters: { [Kind in OrderLetterKind]: { to: string; when: string } } = {
  'order-confirmed': { to: 'the buyer', when: 'an order was confirmed' },
  'order-rejected': { to: 'the buyer', when: 'an order was kept and could not be completed' },
  'order-shipped': { to: 'the buyer', when: 'a seller has sent their part of an order' },
  'order-delivered': { to: 'the buyer', when: 'the part of a seller has arrived' },
  'order-cancelled': { to: 'the buyer', when: 'they cancelled an order, or some of it' },
  'sale-made': { to: 'each seller', when: 'an order with products of theirs was confirmed' },
  'sale-cancelled': { to: 'each seller', when: 'something of theirs in a confirmed order was cancelled' },
}
