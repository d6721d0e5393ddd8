import { describe, expect, test } from 'bun:test'
import { DomainError } from '../problem.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'

const SECRET = 'a secret of the service that is long enough'
const LIST = 'orders of 01928374 by PENDING'

describe('encodeCursor()', () => {
  test.each([[[]], [['2026-01-31T09:30:00.000Z', '0192-ä']], [[42, 'x']]])(
    'makes of %j what decodeCursor() reads again',
    (position) => {
      expect(decodeCursor(SECRET, LIST, encodeCursor(SECRET, LIST, position))).toEqual(position)
    },
  )

  test('makes nothing that a URL would have to escape', () => {
    const cursor = encodeCursor(SECRET, LIST, ['ÿþ?>~', 2 ** 40])
    expect(encodeURIComponent(cursor)).toBe(cursor)
  })
})

describe('decodeCursor()', () => {
  const cursor = encodeCursor(SECRET, LIST, ['a', 1])
  const [text = '', signature = ''] = cursor.split('.')
  const forged = Buffer.from(JSON.stringify(['b', 1])).toString('base64url')

  test.each([
    ['of another list', () => decodeCursor(SECRET, `${LIST} and SHIPPED`, cursor)],
    ['of another service', () => decodeCursor(`${SECRET}!`, LIST, cursor)],
    ['with another position', () => decodeCursor(SECRET, LIST, `${forged}.${signature}`)],
    ['without a signature', () => decodeCursor(SECRET, LIST, text)],
    ['with half a signature', () => decodeCursor(SECRET, LIST, cursor.slice(0, -8))],
    ['with more than a signature', () => decodeCursor(SECRET, LIST, `${cursor}AAAA`)],
    ['that is empty', () => decodeCursor(SECRET, LIST, '')],
    ['that is only a point', () => decodeCursor(SECRET, LIST, '.')],
  ])('refuses a cursor %s', (_, decode) => {
    expect(decode).toThrow(DomainError)
    expect(decode).toThrow(
      expect.objectContaining({
        code: 'validation-failed',
        errors: [{ pointer: '/query/cursor', code: 'unknown-cursor' }],
      }),
    )
  })

  test('refuses a cursor of which any one character is another', () => {
    const wrong = [...cursor].flatMap((letter, index) => {
      // The last character of a signature holds only two bits that count.
      if (index === cursor.length - 1) return []
      const other = letter === 'A' ? 'B' : 'A'
      return [cursor.slice(0, index) + other + cursor.slice(index + 1)]
    })
    for (const one of wrong) expect(() => decodeCursor(SECRET, LIST, one)).toThrow(DomainError)
  })
})
