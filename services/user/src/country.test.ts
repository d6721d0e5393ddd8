import { describe, expect, test } from 'bun:test'
import { refuseUnknownCountry } from './country.ts'

describe('refuseUnknownCountry()', () => {
  test.each(['DE', 'GB', 'IN', 'US', 'ZW', 'AX'])('lets %s pass', (code) => {
    expect(() => refuseUnknownCountry(code)).not.toThrow()
  })

  test.each(['UK', 'EU', 'XK', 'ZZ', 'de', 'DEU', '', ' '])('refuses %p', (code) => {
    expect(() => refuseUnknownCountry(code)).toThrow(expect.objectContaining({ code: 'unknown-country' }))
  })
})
