import { describe, expect, test } from 'bun:test'
import { newKey } from '@bazaar/client'
import {
  BASKET_LINES_MAX,
  type BasketLine,
  QUANTITY_MAX,
  readBasket,
  withMore,
  withQuantity,
  writeBasket,
} from './basket.ts'

function newLine(quantity = 1): BasketLine {
  const productId = newKey().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { productId, quantity, priceMinor: 500, currency: 'EUR' }
}

describe('withMore()', () => {
  test('adds up what is there already, at the price that is seen now', () => {
    const line = newLine(2)
    const more = withMore([line], { ...line, quantity: 3, priceMinor: 600 })
    expect(more).toEqual([{ ...line, quantity: 5, priceMinor: 600 }])
  })

  test('stops at the most that an order line may have', () => {
    const line = newLine(QUANTITY_MAX)
    expect(withMore([line], line)).toEqual([line])
  })

  test('refuses one line more than fit', () => {
    const full = Array.from({ length: BASKET_LINES_MAX }, () => newLine())
    expect(withMore(full, newLine())).toBeUndefined()
    expect(withMore(full, full[0] ?? newLine())?.length).toBe(BASKET_LINES_MAX)
  })
})

test('withQuantity() changes one line, and takes it out at 0', () => {
  const [one, other] = [newLine(), newLine()]
  expect(withQuantity([one, other], { ...one, quantity: 4 })).toEqual([{ ...one, quantity: 4 }, other])
  expect(withQuantity([one, other], { ...one, quantity: 0 })).toEqual([other])
})

test('a full basket is read as it was written, and fits into a cookie', () => {
  const full = Array.from({ length: BASKET_LINES_MAX }, () => ({
    ...newLine(QUANTITY_MAX),
    priceMinor: 10 ** 12,
  }))
  const text = writeBasket(full)
  expect(readBasket(text)).toEqual(full)
  expect(Buffer.from(text).toString('base64url').length).toBeLessThan(3_900)
})

test('readBasket() leaves out what is no line of a basket', () => {
  expect(readBasket('x\n\nabc 1 2 EUR\n')).toEqual([])
})
