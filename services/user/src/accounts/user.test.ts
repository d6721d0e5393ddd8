import { describe, expect, test } from 'bun:test'
import { type Holder, handleOf, type NewUser, type SignUpOutcome, signUpOutcome } from './user.ts'

describe('handleOf()', () => {
  test.each([
    ['019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10', 'KD7Q-MB0G'],
    ['019cd1f0-6f00-7c3a-8d21-5e0000000000', '0000-0000'],
    ['019cd1f0-6f00-7c3a-8d21-5effffffffff', 'ZZZZ-ZZZZ'],
  ])('of %s is %s', (id, handle) => {
    expect(handleOf(id)).toBe(handle)
  })
})

describe('signUpOutcome()', () => {
  const wanted: NewUser = {
    type: 'BUYER',
    name: 'Ada',
    email: 'ada@example.com',
    mobileNumber: '+4915112345678',
  }
  const pending: Holder = { ...wanted, status: 'PENDING', isRecent: true }
  const active: Holder = { ...wanted, status: 'ACTIVE', isRecent: true }
  const otherEmail = 'bob@example.com'
  const otherNumber = '+4915187654321'

  test.each<[string, Holder[], SignUpOutcome]>([
    ['nobody has the login', [], 'first'],
    ['the same sign-up was interrupted', [pending], 'continued'],
    ['it was interrupted long ago', [{ ...pending, isRecent: false }], 'continued'],
    ['it was interrupted under another name', [{ ...pending, name: 'Ada L.' }], 'continued'],
    ['it was interrupted as a seller', [{ ...pending, type: 'SELLER' }], 'email-taken'],
    ['another number was interrupted', [{ ...pending, mobileNumber: otherNumber }], 'email-taken'],
    ['another address was interrupted', [{ ...pending, email: otherEmail }], 'mobile-number-taken'],
    ['the same sign-up has just ended', [active], 'repeated'],
    ['it ended long ago', [{ ...active, isRecent: false }], 'email-taken'],
    ['the user has another name', [{ ...active, name: 'Ada L.' }], 'email-taken'],
    ['the user is a seller', [{ ...active, type: 'SELLER' }], 'email-taken'],
    ['the user has another number', [{ ...active, mobileNumber: otherNumber }], 'email-taken'],
    ['the user has another address', [{ ...active, email: otherEmail }], 'mobile-number-taken'],
    [
      'two users have one of the two each',
      [
        { ...active, email: otherEmail },
        { ...active, mobileNumber: otherNumber },
      ],
      'email-taken',
    ],
  ])('when %s', (_, holders, outcome) => {
    expect(signUpOutcome(holders, wanted)).toBe(outcome)
  })
})
