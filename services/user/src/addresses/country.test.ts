import { describe, expect, test } from 'bun:test'
import { postalCodeOf, refuseUnknownCountry } from './country.ts'

describe('refuseUnknownCountry()', () => {
  test.each(['DE', 'GB', 'IN', 'US', 'ZW', 'AX', 'XK'])('lets %s pass', (code) => {
    expect(() => refuseUnknownCountry(code)).not.toThrow()
  })

  test.each(['UK', 'EU', 'XX', 'ZZ', 'de', 'DEU', '', ' '])('refuses %p', (code) => {
    expect(() => refuseUnknownCountry(code)).toThrow(expect.objectContaining({ code: 'unknown-country' }))
  })
})

describe('postalCodeOf()', () => {
  test.each([
    ['DE', '89073', '89073'],
    ['GB', ' SW1Y 4JH ', 'SW1Y 4JH'],
    ['HK', undefined, undefined],
    ['AE', '', undefined],
    ['QA', null, undefined],
    ['AO', '-', undefined],
    ['HK', '999077', '999077'],
    ['HK', 'none', 'none'],
    ['JP', '〒１００－０００１', '〒１００－０００１'],
    ['EG', '١١٥١١', '١١٥١١'],
  ])('of %s with %p is %p', (country, postalCode, code) => {
    expect(postalCodeOf({ country, ...(postalCode === undefined ? {} : { postalCode }) })).toBe(code)
  })

  test.each([undefined, null, '', ' ', '-', '.', 'none', 'N/A', 'x'])(
    'refuses %p where there are postal codes',
    (postalCode) => {
      const address = { country: 'DE', ...(postalCode === undefined ? {} : { postalCode }) }
      expect(() => postalCodeOf(address)).toThrow(expect.objectContaining({ code: 'postal-code-missing' }))
    },
  )
})
