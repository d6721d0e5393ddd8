import { describe, expect, test } from 'bun:test'
import { REJECTION_REASONS } from '@bazaar/shared/api/order'
import type { Words } from '@bazaar/shared/letters/page'
import { wordsOf } from '../letters/words-of.ts'
import { type OrderFacts, type OrderLetterKind, orderLetters } from './order-letters.ts'
import { orderWordsDe } from './order-words-de.ts'
import { orderWordsEn } from './order-words-en.ts'

const kinds = Object.keys(orderLetters) as OrderLetterKind[]
const facts = {
  orderId: 'o-1',
  currency: 'EUR',
  lines: [
    { name: 'Blue cup', quantity: 1_200, unitPriceMinor: 500 },
    { name: 'Pot', quantity: 1, unitPriceMinor: 2_050 },
  ],
  reason: 'OUT_OF_STOCK',
  carrier: 'DHL',
  trackingNumber: '0034',
  isWhole: true,
  givenBackMinor: 602_050,
}
const secrets = { letters: { shopOrigin: 'https://shop.example' }, linkSecret: 'secret' }

/** What a letter says, with plain blanks. */
function said(kind: OrderLetterKind, language: 'en' | 'de', change: Partial<typeof facts> = {}): Words {
  const recipient = { email: 'ada@example.com', language }
  const words = wordsOf({ kind, recipient, facts: { ...facts, ...change } }, secrets)
  return JSON.parse(JSON.stringify(words).replaceAll('\u00a0', ' '))
}

describe.each(['en', 'de'] as const)('a letter about an order in %s', (language) => {
  test.each(kinds)('of the kind %s lists what it is about, each with its price', (kind) => {
    const list = {
      en: ['1,200 × Blue cup: €6,000.00', '1 × Pot: €20.50'],
      de: ['1.200 × Blue cup: 6.000,00 €', '1 × Pot: 20,50 €'],
    }[language]
    expect(said(kind, language).paragraphs).toContainEqual(list)
  })

  test.each(kinds)('of the kind %s leads to where its reader sees it', (kind) => {
    const page = kind.startsWith('sale') ? 'desk/sales' : 'orders'
    expect(said(kind, language).link?.url).toBe(`https://shop.example/${page}/o-1`)
  })

  test('says in all kinds something else', () => {
    expect(new Set(kinds.map((kind) => said(kind, language).subject)).size).toBe(kinds.length)
  })

  test('says why an order was rejected, in a sentence for each reason and for one that is not known yet', () => {
    const sentences = [...REJECTION_REASONS, 'SOMETHING_NEW'].map(
      (reason) => said('order-rejected', language, { reason }).paragraphs[0],
    )
    expect(new Set(sentences).size).toBe(REJECTION_REASONS.length + 1)
  })
})

test('a letter of a confirmed order and one of a sale say what it costs in all', () => {
  for (const kind of ['order-confirmed', 'sale-made'] as const) {
    expect(said(kind, 'en').paragraphs.at(-1)).toBe('In all: €6,020.50.')
    expect(said(kind, 'de').paragraphs.at(-1)).toBe('Insgesamt: 6.020,50 €.')
  }
})

test('a letter of a cancellation says what is given back, and whether some of the order is left', () => {
  expect(said('order-cancelled', 'en')).toMatchObject({ subject: 'Your order is cancelled' })
  expect(said('order-cancelled', 'en').paragraphs.at(-1)).toBe('You get back €6,020.50.')
  expect(said('order-cancelled', 'de').paragraphs.at(-1)).toBe('Sie erhalten 6.020,50 € zurück.')
  const part = { isWhole: false, givenBackMinor: 0 }
  expect(said('order-cancelled', 'en', part)).toMatchObject({ subject: 'Part of your order is cancelled' })
  expect(said('order-cancelled', 'en', part).paragraphs.at(-1)).toContain('nothing is given back')
})

test.each([
  ['DHL', '0034', ['Carrier: DHL', 'Tracking number: 0034']],
  ['DHL', null, ['Carrier: DHL']],
  [null, '0034', ['Tracking number: 0034']],
  [null, null, []],
])('a letter of a parcel of %s with the number %s says as much', (carrier, trackingNumber, words) => {
  const { orderId, currency, lines } = facts
  const shipped: OrderFacts['order-shipped'] = { orderId, currency, lines, carrier, trackingNumber }
  const links = { order: () => '', sale: () => '' }
  expect(orderWordsEn['order-shipped'](shipped, links).paragraphs.slice(2)).toEqual(words)
  expect(orderWordsDe['order-shipped'](shipped, links).paragraphs.slice(2)).toHaveLength(words.length)
})
