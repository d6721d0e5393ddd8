import { describe, expect, test } from 'bun:test'
import { holdsCardNumber } from './card-number.ts'

describe('holdsCardNumber()', () => {
  test.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    'my card is 5555555555554444, thanks',
    '378282246310005',
    '3782 822463 10005',
    '6011111111111117',
    '3530111333300000',
    '30569309025904',
    '2223003122003222',
    'x4111111111111111x',
  ])('finds one in %p', (text) => {
    expect(holdsCardNumber(text)).toBe(true)
  })

  test.each([
    ['one with a wrong check digit', '4111111111111112'],
    ['a number that no issuer begins with', '1111111111111117'],
    ['a tracking number', '00340434161094027318'],
    ['a mobile number', '+4915112345678'],
    ['the last four digits', 'ends with 1111'],
    ['a longer number around one', '94111111111111111'],
    ['two ordinary numbers', '4111 and 11111111'],
    ['a UUID', '019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10'],
  ])('does not take %s for one', (_, text) => {
    expect(holdsCardNumber(text)).toBe(false)
  })
})
