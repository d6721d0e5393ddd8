import { describe, expect, test } from 'bun:test'
import { ORDER_STATUSES, PAYMENT_STATUSES } from '@bazaar/shared/api/order'
import {
  isAsProviderSays,
  isMoneyHeld,
  isPaid,
  type PaymentChoice,
  paymentMethod,
  paymentWork,
} from './payment.ts'

describe('paymentWork()', () => {
  for (const payment of PAYMENT_STATUSES) {
    for (const order of ORDER_STATUSES) {
      for (const refundsPending of [false, true]) {
        const dead = order === 'CANCELLED' || order === 'REJECTED'
        const work = {
          PENDING: dead ? 'void' : 'none',
          AUTHORISED: dead ? 'void' : 'capture',
          CAPTURED: refundsPending ? 'refund' : 'none',
          DECLINED: 'none',
          VOIDED: 'none',
          DUE_ON_DELIVERY: 'none',
          COLLECTED: 'none',
        }[payment]
        test(`is ${work} for ${payment}, order ${order}, ${refundsPending ? 'refunds' : 'no refunds'} pending`, () => {
          expect<string>(paymentWork({ status: payment }, { status: order }, refundsPending)).toBe(work)
        })
      }
    }
  }
})

describe('isMoneyHeld()', () => {
  const held = { AUTHORISED: true, CAPTURED: true, DUE_ON_DELIVERY: true, COLLECTED: true }
  const free = { PENDING: false, DECLINED: false, VOIDED: false }
  const expected = { ...held, ...free }
  test.each(PAYMENT_STATUSES)('knows of a payment that is %s', (status) => {
    expect(isMoneyHeld(status)).toBe(expected[status])
  })
})

test('isPaid() is true while a provider has money for us, and where there is no payment false', () => {
  expect(PAYMENT_STATUSES.filter(isPaid)).toEqual(['AUTHORISED', 'CAPTURED'])
  expect(isPaid(undefined)).toBe(false)
})

describe('isAsProviderSays()', () => {
  const BOOKS = [undefined, 'AUTHORISED', 'DECLINED', 'CAPTURED', 'VOIDED'] as const
  const expected = {
    PENDING: BOOKS,
    AUTHORISED: ['AUTHORISED', 'CAPTURED', 'VOIDED'],
    CAPTURED: ['CAPTURED'],
    DECLINED: [undefined, 'DECLINED', 'VOIDED'],
    VOIDED: [undefined, 'DECLINED', 'VOIDED'],
    DUE_ON_DELIVERY: BOOKS,
    COLLECTED: BOOKS,
  } as const
  test.each(PAYMENT_STATUSES)('accepts for %s what may stand in the books', (status) => {
    expect<readonly unknown[]>(BOOKS.filter((books) => isAsProviderSays(status, books))).toEqual(
      expected[status],
    )
  })
})

describe('paymentMethod()', () => {
  test('keeps of a card its token and the last four digits', () => {
    expect(paymentMethod({ type: 'CARD', cardToken: 'tok_visa_4242' })).toEqual({
      type: 'CARD',
      method: 'tok_visa_4242',
      lastFour: '4242',
    })
  })

  test('keeps no digits of what is no card', () => {
    const choice = { type: 'UPI', upiId: 'ada@upi' } as const
    expect(paymentMethod(choice)).toEqual({ type: 'UPI', method: 'ada@upi', lastFour: null })
  })

  test('needs nothing for cash on delivery', () => {
    expect(paymentMethod({ type: 'CASH_ON_DELIVERY' })).toEqual({
      type: 'CASH_ON_DELIVERY',
      method: null,
      lastFour: null,
    })
  })

  const refused: [PaymentChoice, { pointer: string; code: string }[]][] = [
    [{ type: 'CARD' }, [{ pointer: '/payment/cardToken', code: 'required' }]],
    [{ type: 'UPI' }, [{ pointer: '/payment/upiId', code: 'required' }]],
    [{ type: 'NET_BANKING' }, [{ pointer: '/payment/bankCode', code: 'required' }]],
    [
      { type: 'CASH_ON_DELIVERY', cardToken: 'tok_visa_4242' },
      [{ pointer: '/payment/cardToken', code: 'unexpected-property' }],
    ],
    [
      { type: 'UPI', bankCode: 'HDFC' },
      [
        { pointer: '/payment/upiId', code: 'required' },
        { pointer: '/payment/bankCode', code: 'unexpected-property' },
      ],
    ],
  ]
  for (const [choice, errors] of refused) {
    test(`refuses ${JSON.stringify(choice)}`, () => {
      expect(() => paymentMethod(choice)).toThrow(
        expect.objectContaining({ code: 'payment-incomplete', errors }),
      )
    })
  }
})
