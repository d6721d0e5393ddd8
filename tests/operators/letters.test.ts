import { describe, expect, test } from 'bun:test'
import { lettersTo } from '../journeys/mailbox.ts'
import { bazaarOf, eventually, market, type Person, place } from '../journeys/world.ts'

/* What people are told of their orders, as their letters arrive. */

/** The subjects of the letters to somebody about orders, once there are as many as that, in alphabetical order. */
async function subjectsTo(person: Person, count: number): Promise<string[]> {
  const about = async () => (await lettersTo(person.email)).filter(isAboutOrders)
  const letters = await eventually(about, (found) => found.length >= count)
  return letters.map((letter) => /^Subject: (.*)$/m.exec(letter)?.[1]?.trim() ?? '').toSorted()
}

function isAboutOrders(letter: string): boolean {
  return /^Message-ID:\s*<(order|sale)-/m.test(letter)
}

async function letterTo(person: Person, subject: string): Promise<string> {
  const found = (await lettersTo(person.email)).find((letter) => letter.includes(`Subject: ${subject}`))
  return found ?? ''
}

describe('the letters about an order', () => {
  test('tell its buyer and both sellers what was sold, sent, cancelled and delivered', async () => {
    const { anna, bert, buyer, cup, pot } = await market()
    const { body: placed } = await place(buyer, [
      { productId: cup, quantity: 2 },
      { productId: pot, quantity: 1 },
    ])
    const orderId = placed.id
    await bazaarOf(anna).order.shipSale({ orderId, carrier: 'DHL', trackingNumber: '00340434161094027318' })
    await bazaarOf(buyer).order.cancelOrder({ orderId, lines: [{ productId: pot, quantity: 1 }] })
    await bazaarOf(anna).order.deliverSale({ orderId })

    expect(await subjectsTo(buyer, 4)).toEqual([
      'Part of your order is cancelled',
      'Your order has arrived',
      'Your order is confirmed',
      'Your order is on its way',
    ])
    expect(await subjectsTo(anna, 1)).toEqual(['You have sold something'])
    expect(await subjectsTo(bert, 2)).toEqual(['A buyer has cancelled', 'You have sold something'])

    const confirmed = await letterTo(buyer, 'Your order is confirmed')
    for (const words of ['Cup', 'Pot', '10.00', '30.00', `/orders/${orderId}`])
      expect(confirmed).toContain(words)
    const shipped = await letterTo(buyer, 'Your order is on its way')
    for (const words of ['Cup', 'DHL', '00340434161094027318']) expect(shipped).toContain(words)
    expect(await letterTo(buyer, 'Part of your order')).toContain('20.00')
    const sold = await letterTo(bert, 'You have sold something')
    expect(sold).toContain(`/desk/sales/${orderId}`)
    expect(sold).toContain('Pot')
    expect(sold).not.toContain('Cup')
    // Who bought it, and where it goes, is on the page and in no letter.
    for (const words of ['Ada Lovelace', 'London', buyer.email]) expect(sold).not.toContain(words)
  })
})
