import { describe, expect, test } from 'bun:test'
import { type Offer, refuseUnlessReservable } from './reservable.ts'
import { asked } from './sample-reservation.ts'

describe('refuseUnlessReservable()', () => {
  const listed: Offer = { status: 'LISTED', priceMinor: 500, currency: 'EUR' }
  const level = (productId: string, stockCount: number) =>
    [productId, { productId, stockCount, lastSequence: 1 }] as const
  const enough = new Map([level('a', 2), level('b', 1)])
  const good = new Map<string, Offer>([
    ['a', listed],
    ['b', { ...listed, priceMinor: 900 }],
  ])

  const cases: [
    name: string,
    offers: Map<string, Offer>,
    levels: typeof enough,
    code: string,
    ids: string[],
  ][] = [
    ['everything is there', good, enough, 'reserved', []],
    ['a product is unknown', new Map([...good].slice(1)), enough, 'product-gone', ['a']],
    ['a product has no stock row', good, new Map([level('a', 2)]), 'product-gone', ['b']],
    [
      'a product is archived',
      new Map([...good, ['a', { ...listed, status: 'ARCHIVED' }]]),
      enough,
      'product-gone',
      ['a'],
    ],
    ['a price changed', new Map([...good, ['b', listed]]), enough, 'price-changed', ['b']],
    [
      'the currency changed',
      new Map([...good, ['a', { ...listed, currency: 'USD' }]]),
      enough,
      'price-changed',
      ['a'],
    ],
    ['one unit is missing', good, new Map([level('a', 1), level('b', 1)]), 'out-of-stock', ['a']],
    ['nothing is left', good, new Map([level('a', 0), level('b', 0)]), 'out-of-stock', ['a', 'b']],
  ]
  for (const [name, offers, levels, code, productIds] of cases) {
    test(`says ${code} when ${name}`, () => {
      let refusal: unknown
      try {
        refuseUnlessReservable(asked, { offers, levels })
      } catch (error) {
        refusal = error
      }
      if (code === 'reserved') return expect(refusal).toBeUndefined()
      expect(refusal).toMatchObject({ code, members: { productIds } })
    })
  }
})
