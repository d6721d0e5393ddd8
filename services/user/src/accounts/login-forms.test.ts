import { describe, expect, test } from 'bun:test'
import { emailForm, formsOf, loginOf, mobileForm } from './login-forms.ts'

describe('emailForm()', () => {
  test.each([
    ['Ada@Example.COM', 'ada@example.com'],
    [' ada@example.com\t', 'ada@example.com'],
    ['anna@müller.de', 'anna@xn--mller-kva.de'],
    ['anna@MÜLLER.de', 'anna@xn--mller-kva.de'],
    ['anna@mu\u0308ller.de', 'anna@xn--mller-kva.de'],
    ['test@погода.рф', 'test@xn--80afd2bbd.xn--p1ai'],
    ['anna@xn--mller-kva.de', 'anna@xn--mller-kva.de'],
    ['ada@例え。テスト', 'ada@xn--r8jz45g.xn--zckzah'],
    // Accounts that were made before dots were looked at.
    ['a..b@example.com', 'a..b@example.com'],
  ])('makes of %p %p', (text, email) => {
    expect(emailForm(text)).toBe(email)
  })

  test.each([
    'ada@example',
    'ada',
    '@example.com',
    'ada@',
    'ada@@example.com',
    'ada love@example.com',
    'ada@exam ple.com',
    'ada@127.0.0.1',
    'ada@1.2.3',
    'ada@0x7f.1',
    'ada@xn--zzzzzz.de',
    'ada@-example.com',
    `ada@${'a'.repeat(64)}.com`,
    `ada@${'ü'.repeat(60)}.${'ü'.repeat(60)}.${'ü'.repeat(60)}.${'ü'.repeat(60)}.com`,
    'ädä@example.com',
    // The Kelvin sign, which toLowerCase() turns into a plain k.
    '\u212Aim@example.com',
  ])('finds none in %p', (text) => {
    expect(emailForm(text)).toBeUndefined()
  })
})

describe('mobileForm()', () => {
  test.each([
    ['+4915112345678', '+4915112345678'],
    ['+49015112345678', '+4915112345678'],
    ['+49 (0)151 1234-5678', '+4915112345678'],
    [' 0049 151/12345678 ', '+4915112345678'],
    ['00 49 (0) 151.12345678', '+4915112345678'],
    ['+49\u00a0151\u00a012345678', '+4915112345678'],
    ['+6834002', '+6834002'],
    ['(+49) 151 12345678', '+4915112345678'],
    ['+49\u2011151\u2009\u2013\u202f12345678', '+4915112345678'],
    ['\u202a+49 151 12345678\u202c', '+4915112345678'],
    ['\t+4915112345678\u200b', '+4915112345678'],
    ['\uff0b\uff14\uff1915112345678', '+4915112345678'],
    ['+\u0664\u0669\u0661\u0665\u0661\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668', '+4915112345678'],
    ['\u06f0\u06f0\u06f4\u06f915112345678', '+4915112345678'],
    ['+\u096a\u096f15112345678', '+4915112345678'],
    // Italians dial the zero from abroad, too.
    ['+39 06 1234 5678', '+390612345678'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['+7 (912) 345-67-89', '+79123456789'],
    ['+999123456789', '+999123456789'],
  ])('makes of %p %p', (text, number) => {
    expect(mobileForm(text)).toBe(number)
  })

  test.each([
    '4915112345678',
    '015112345678',
    '+49151',
    '+0491511234567',
    '+491511234567890123',
    '+49151CALLME',
    '+4915112345678;ext=5',
    'tel:+4915112345678',
    '',
  ])('finds none in %p', (text) => {
    expect(mobileForm(text)).toBeUndefined()
  })
})

describe('loginOf()', () => {
  test.each([
    ['Ada@Example.COM ', { email: 'ada@example.com' }],
    ['+4915112345678', { mobileNumber: '+4915112345678', asWritten: '+4915112345678' }],
    ['0049 (0)151 12345678', { mobileNumber: '+4915112345678', asWritten: '+49015112345678' }],
    ['4915112345678', undefined],
    ['ada', undefined],
  ])('understands %p', (text, login) => {
    expect(loginOf(text)).toEqual(login)
  })
})

describe('formsOf()', () => {
  test('leaves alone what is not given', () => {
    expect(formsOf({ name: 'Ada' })).toEqual({ name: 'Ada' })
  })

  test.each([
    [{ email: 'ada@xn--zzzzzz.de' }, '/email'],
    [{ mobileNumber: '+49151' }, '/mobileNumber'],
  ])('refuses %p', (given, pointer) => {
    expect(() => formsOf(given)).toThrow(
      expect.objectContaining({ code: 'validation-failed', errors: [{ pointer, code: 'pattern' }] }),
    )
  })
})
