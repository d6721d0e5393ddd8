import { describe, expect, test } from 'bun:test'
import { type MessageData, ORDER_CHANGES } from '@bazaar/shared/api/messages'
import { lettersAbout } from './letters-about.ts'

const [buyerId, anna, bert] = ['the buyer', 'anna', 'bert']
const cup = { name: 'Cup', quantity: 2, unitPriceMinor: 500 }
const pot = { name: 'Pot', quantity: 1, unitPriceMinor: 2_000 }
const plate = { name: 'Plate', quantity: 3, unitPriceMinor: 700 }

const changed: MessageData<'order.changed.v1'> = {
  orderId: 'the order',
  buyerId,
  change: 'CONFIRMED',
  isSold: true,
  currency: 'EUR',
  lines: [
    { sellerId: anna, ...cup },
    { sellerId: bert, ...pot },
    { sellerId: anna, ...plate },
  ],
  givenBackMinor: 0,
  rejectionReason: null,
  carrier: null,
  trackingNumber: null,
}
const order = { orderId: 'the order', currency: 'EUR' }
const all = { ...order, lines: [cup, pot, plate] }
const ofAnna = { ...order, lines: [cup, plate] }
const ofBert = { ...order, lines: [pot] }

describe('lettersAbout()', () => {
  test.each(ORDER_CHANGES)('tells the buyer once of an order that is %s, of all its lines', (change) => {
    const toBuyer = lettersAbout({ ...changed, change }).filter(({ userId }) => userId === buyerId)
    expect(toBuyer).toMatchObject([{ facts: all }])
  })

  test('tells each seller of their own lines of what was confirmed', () => {
    expect(lettersAbout(changed)).toEqual([
      { kind: 'order-confirmed', userId: buyerId, facts: all },
      { kind: 'sale-made', userId: anna, facts: ofAnna },
      { kind: 'sale-made', userId: bert, facts: ofBert },
    ])
  })

  test.each([
    ['CANCELLED', true],
    ['PARTLY_CANCELLED', false],
  ] as const)('tells the sellers of an order that is %s, if they knew of it', (change, isWhole) => {
    const cancelled = { ...changed, change, givenBackMinor: 900 }
    const toBuyer = {
      kind: 'order-cancelled',
      userId: buyerId,
      facts: { ...all, isWhole, givenBackMinor: 900 },
    }
    expect<unknown[]>(lettersAbout(cancelled)).toEqual([
      toBuyer,
      { kind: 'sale-cancelled', userId: anna, facts: ofAnna },
      { kind: 'sale-cancelled', userId: bert, facts: ofBert },
    ])
    expect<unknown[]>(lettersAbout({ ...cancelled, isSold: false })).toEqual([toBuyer])
  })

  test('tells the buyer alone why it was rejected, how it was sent, and that it arrived', () => {
    const parcel = { carrier: 'DHL', trackingNumber: '0034' }
    const about = (told: Partial<typeof changed>): unknown => lettersAbout({ ...changed, ...told })
    expect(about({ change: 'REJECTED', isSold: false, rejectionReason: 'OUT_OF_STOCK' })).toEqual([
      { kind: 'order-rejected', userId: buyerId, facts: { ...all, reason: 'OUT_OF_STOCK' } },
    ])
    expect(about({ change: 'SHIPPED', ...parcel })).toEqual([
      { kind: 'order-shipped', userId: buyerId, facts: { ...all, ...parcel } },
    ])
    expect(about({ change: 'DELIVERED' })).toEqual([{ kind: 'order-delivered', userId: buyerId, facts: all }])
  })
})
