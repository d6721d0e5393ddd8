import type { Words } from '@bazaar/shared/letters/page'
import { listedIn, sumIn } from './list-lines.ts'
import type { OrderFacts } from './order-letters.ts'

/** Where the links of letters about orders lead. */
export type OrderLinks = { order: (orderId: string) => string; sale: (orderId: string) => string }

/** The words of the letters about orders in one language. */
export type OrderWords = { [Kind in keyof OrderFacts]: (facts: OrderFacts[Kind], links: OrderLinks) => Words }

const SEE_ORDER = 'See the order'
const SEE_SALE = 'See the sale'
const list = listedIn('en')
const sum = sumIn('en')

const REJECTED: Readonly<Record<string, string>> = {
  OUT_OF_STOCK: 'Something was sold out before your order was complete.',
  PRODUCT_GONE: 'Something is no longer sold.',
  PRICE_CHANGED: 'A price changed before your order was complete.',
  RESERVATION_EXPIRED: 'It took too long to complete your order.',
  PAYMENT_NOT_MADE: 'It was not paid in time.',
  NOT_COMPLETED_IN_TIME: 'It could not be completed in time.',
}

/** What the letters about orders say in English. */
export const orderWordsEn: OrderWords = {
  'order-confirmed': (facts, { order }) => ({
    subject: 'Your order is confirmed',
    paragraphs: ['Thank you. You ordered:', list(facts), `In all: ${sum(facts)}.`],
    link: { label: SEE_ORDER, url: order(facts.orderId) },
  }),
  'order-rejected': ({ reason, ...facts }, { order }) => ({
    subject: 'Your order could not be completed',
    paragraphs: [
      `${REJECTED[reason ?? ''] ?? 'It could not be completed.'} Nothing was charged. You had ordered:`,
      list(facts),
    ],
    link: { label: SEE_ORDER, url: order(facts.orderId) },
  }),
  'order-shipped': ({ carrier, trackingNumber, ...facts }, { order }) => ({
    subject: 'Your order is on its way',
    paragraphs: [
      'A seller has sent you:',
      list(facts),
      ...(carrier === null ? [] : [`Carrier: ${carrier}`]),
      ...(trackingNumber === null ? [] : [`Tracking number: ${trackingNumber}`]),
    ],
    link: { label: SEE_ORDER, url: order(facts.orderId) },
  }),
  'order-delivered': (facts, { order }) => ({
    subject: 'Your order has arrived',
    paragraphs: ['The seller says that this has arrived:', list(facts)],
    link: { label: SEE_ORDER, url: order(facts.orderId) },
  }),
  'order-cancelled': ({ isWhole, givenBackMinor, ...facts }, { order }) => ({
    subject: isWhole ? 'Your order is cancelled' : 'Part of your order is cancelled',
    paragraphs: [
      'This no longer comes:',
      list(facts),
      givenBackMinor > 0
        ? `You get back ${sum(facts, givenBackMinor)}.`
        : 'Nothing was paid for it, so nothing is given back.',
    ],
    link: { label: SEE_ORDER, url: order(facts.orderId) },
  }),
  'sale-made': (facts, { sale }) => ({
    subject: 'You have sold something',
    paragraphs: ['A buyer ordered from you:', list(facts), `In all: ${sum(facts)}.`],
    link: { label: SEE_SALE, url: sale(facts.orderId) },
  }),
  'sale-cancelled': (facts, { sale }) => ({
    subject: 'A buyer has cancelled',
    paragraphs: ['Do not send this any more:', list(facts)],
    link: { label: SEE_SALE, url: sale(facts.orderId) },
  }),
}
