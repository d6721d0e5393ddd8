import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { holdsCardNumber } from './card-number.ts'

describe('holdsCardNumber()', () => {
  test.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '4111.1111.1111.1111',
    '4111\u00a01111\u202f1111\u20091111',
    '4111 – 1111 – 1111 – 1111',
    '４１１１１１１１１１１１１１１１',
    '٤١١١ ١١١١ ١١١١ ١١١١',
    '४१११११११११११११११',
    '4111\u200b1111\u200b1111\u200b1111',
    '4111 1111 1111 1111 12/27 123',
    '2 4111 1111 1111 1111',
    'my card is 5555555555554444, thanks',
    'first 5555555555554444 4111111111111111',
    '378282246310005',
    '3782 822463 10005',
    '6011111111111117',
    '3530111333300000',
    '30569309025904',
    '3056 930902 5904',
    '2223003122003222',
    '4222222222222',
    '6304 0000 0000 0000',
    '6212345678900000003',
    '2200 0000 0000 0004',
    'x4111111111111111x',
  ])('finds one in %p', (text) => {
    expect(holdsCardNumber(text)).toBe(true)
  })

  test.each([
    ['one with a wrong check digit', '4111111111111112'],
    ['a number that no issuer begins with', '1111111111111117'],
    ['a tracking number', '00340434161094027318'],
    ['a mobile number whose digits add up', '+4915112345678'],
    ['the number of an article (EAN) whose digits add up', 'EAN 4006381333924'],
    ['the last four digits', 'ends with 1111'],
    ['a longer number around one', '94111111111111111'],
    ['two ordinary numbers', '4111 and 11111111'],
    ['a UUID', '019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10'],
    ['sizes whose digits add up', 'Sizes 41 42 43 44 45 46 47 48'],
    ['models whose digits add up, four of them in a longer list', 'Fits 4111 1111 1111 1111 1111'],
    ['numbers in lines of their own', '4111\n1111\n1111\n1111'],
    ['numbers with commas between them', '4111, 1111, 1111, 1111'],
  ])('does not take %s for one', (_, text) => {
    expect(holdsCardNumber(text)).toBe(false)
  })

  test('takes no list of numbers for one, such as sizes, years, models or weights', () => {
    const number = fc.integer({ min: 0, max: 9_999 })
    const lists = fc.oneof(
      fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 2, maxLength: 30 }),
      fc.array(number, { minLength: 6, maxLength: 30 }).filter((all) => all.every((one) => one > 999)),
      fc.array(fc.integer({ min: 1_800, max: 2_199 }), { minLength: 2, maxLength: 30 }),
      fc.array(fc.integer({ min: 10_000, max: 99_999_999 }), { minLength: 2, maxLength: 30 }),
    )
    const separators = fc.constantFrom(' ', '-', '.', ' - ', ', ', '/', '\n', '\u00a0')
    fc.assert(
      fc.property(lists, separators, (list, separator) => {
        expect(holdsCardNumber(`In ${list.join(separator)} only`)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('takes no number of an article or a parcel for one', () => {
    const numbers = fc
      .constantFrom(12, 17)
      .chain((length) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`)))
      .map((digits) => `${digits}${checkDigit(digits, 3)}`)
    fc.assert(
      fc.property(numbers, (number) => {
        expect(holdsCardNumber(`Its number is ${number}.`)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  const issued = fc
    .constantFrom<[beginning: string, groups: number[]]>(
      ['4', [4, 4, 4, 4]],
      ['4', [4, 4, 4, 4, 3]],
      ['51', [4, 4, 4, 4]],
      ['2720', [4, 4, 4, 4]],
      ['34', [4, 6, 5]],
      ['37', [4, 6, 5]],
      ['36', [4, 6, 4]],
      ['3528', [4, 4, 4, 4]],
      ['6011', [4, 4, 4, 4]],
      ['62', [4, 4, 4, 4]],
      ['62', [6, 13]],
      ['6759', [4, 4, 4, 4]],
      ['82', [4, 4, 4, 4]],
      ['2204', [4, 4, 4, 4]],
    )
    .chain(([beginning, groups]) => {
      const length = groups.reduce((sum, group) => sum + group, 0)
      const rest = fc.stringMatching(new RegExp(`^[0-9]{${length - beginning.length - 1}}$`))
      return fc.tuple(rest, fc.constantFrom([length], groups)).map(([digits, written]) => {
        const number = `${beginning}${digits}`
        return inGroups(`${number}${checkDigit(number, 2)}`, written)
      })
    })

  test('finds every number that a card could have, in any words', () => {
    const separators = fc.constantFrom(' ', '-', '.', '\u00a0', '  ')
    const words = fc.constantFrom('', 'my card ', 'Karte: ', 'size 41, ')
    const after = fc.constantFrom('', ' thanks', '.', ' 12/27', ' 123', '\n41 42')
    fc.assert(
      fc.property(issued, separators, words, after, (groups, separator, before, behind) => {
        expect(holdsCardNumber(`${before}${groups.join(separator)}${behind}`)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

function inGroups(digits: string, lengths: readonly number[]): string[] {
  const ends = lengths.map((_, index) => lengths.slice(0, index + 1).reduce((sum, length) => sum + length, 0))
  return lengths.map((length, index) => digits.slice((ends[index] ?? 0) - length, ends[index]))
}

/** The digit that makes the number right, where every second one counts twice (Luhn) or three times (GS1). */
function checkDigit(digits: string, weight: 2 | 3): number {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const weighted = Number(digit) * (index % 2 === 0 ? weight : 1)
    return total + (weight === 2 && weighted > 9 ? weighted - 9 : weighted)
  }, 0)
  return (10 - (sum % 10)) % 10
}
