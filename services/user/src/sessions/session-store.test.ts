import { expect, test } from 'bun:test'
import { newSessionToken } from './session-store.ts'

test('S20 newSessionToken() never repeats itself and uses every bit evenly', () => {
  const count = 20_000
  const tokens = Array.from({ length: count }, newSessionToken)
  expect(new Set(tokens).size).toBe(count)
  expect(tokens.every((token) => /^[A-Za-z0-9_-]{43}$/.test(token))).toBe(true)

  const ones = new Uint32Array(256)
  for (const token of tokens) {
    const bytes = Buffer.from(token, 'base64url')
    for (let bit = 0; bit < 256; bit++)
      ones[bit] = (ones[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1)
  }
  // Six standard deviations of a fair coin: a false alarm once in two million runs of all 256 bits.
  const allowed = 6 * Math.sqrt(count / 4)
  for (const number of ones) expect(Math.abs(number - count / 2)).toBeLessThan(allowed)
})
