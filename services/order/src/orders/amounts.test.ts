import { expect, test } from 'bun:test'
import { dueMinor, payableMinor, quantitiesLeft, totalMinor } from './amounts.ts'
import { cancel } from './order.ts'
import { sample } from './sample-order.ts'

const { lines } = sample('CONFIRMED')
const withoutPot = cancel(sample('CONFIRMED'), [{ productId: 'pot', quantity: 1 }]).order
const withoutTwoCups = cancel(sample('CONFIRMED'), [{ productId: 'cup', quantity: 2 }]).order

test('totalMinor() adds quantities at their prices', () => {
  expect(totalMinor(lines)).toBe(3_500)
})

test('payableMinor() leaves out cancelled units', () => {
  expect(payableMinor(lines)).toBe(3_500)
  expect(payableMinor(withoutPot.lines)).toBe(1_500)
  expect(payableMinor(withoutTwoCups.lines)).toBe(2_500)
})

test('quantitiesLeft() leaves out cancelled units, and lines of which nothing is left', () => {
  expect(quantitiesLeft(withoutPot.lines)).toEqual([{ productId: 'cup', quantity: 3 }])
  expect(quantitiesLeft(withoutTwoCups.lines)).toEqual([
    { productId: 'cup', quantity: 1 },
    { productId: 'pot', quantity: 1 },
  ])
})

test('dueMinor() is what is left of an order, and nothing of one that was rejected', () => {
  expect(dueMinor(sample('AWAITING_PAYMENT'))).toBe(3_500)
  expect(dueMinor(withoutPot)).toBe(1_500)
  expect(dueMinor(sample('REJECTED'))).toBe(0)
})
