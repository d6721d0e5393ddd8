import { describe, expect, test } from 'bun:test'
import { refuseCardNumberAsName } from './property-names.ts'

describe('refuseCardNumberAsName()', () => {
  test.each([{}, { Größe: '42' }, { '4006381333931': 'EAN' }, { '41 42 43 44 45 46 47 48': 'sizes' }])(
    'lets %j pass',
    (properties) => refuseCardNumberAsName(properties),
  )

  test.each(['4111111111111111', 'pay 4111 1111 1111 1111'])('refuses %p', (name) => {
    expect(() => refuseCardNumberAsName({ colour: 'blue', [name]: 'x' })).toThrow(
      expect.objectContaining({
        code: 'validation-failed',
        errors: [{ pointer: '/properties', code: 'card-number' }],
      }),
    )
  })
})
