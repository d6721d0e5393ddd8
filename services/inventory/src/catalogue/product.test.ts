import { describe, expect, test } from 'bun:test'
import { ownedBy, refuseUnknownCurrency } from './product.ts'

describe('ownedBy()', () => {
  const product = { sellerId: 'anna', name: 'Cup' }

  test('gives the product to its seller', () => {
    expect(ownedBy('anna', product)).toBe(product)
  })

  test.each([
    ['bert', product, 'not-your-product'],
    ['anna', undefined, 'not-found'],
  ])('refuses %s the product %j', (sellerId, one, code) => {
    expect(() => ownedBy(sellerId, one)).toThrow(expect.objectContaining({ code }))
  })
})

describe('refuseUnknownCurrency()', () => {
  test.each(['EUR', 'JPY', 'INR'])('knows %s', (code) => {
    refuseUnknownCurrency(code)
  })

  test.each(['XXX', 'eur', 'DEM', ''])('refuses %p', (code) => {
    expect(() => refuseUnknownCurrency(code)).toThrow(expect.objectContaining({ code: 'unknown-currency' }))
  })
})
