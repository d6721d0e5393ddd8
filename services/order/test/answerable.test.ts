import { describe, expect, test } from 'bun:test'
import { ORDER_LINES_MAX, QUANTITY_MAX } from '@bazaar/shared/api/inventory'
import { AMOUNT_MINOR_MAX } from '@bazaar/shared/api/schema'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction } from '@bazaar/shared/database/database'
import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import type { PaymentChoice } from '../src/payment/payment.ts'
import { orderLines, orders, payments } from '../src/tables.ts'
import { openServedWorld } from './http-world.ts'
import { newOffer, payUp } from './world.ts'

/* Whatever is accepted can be read, by everybody who may, in every place that shows it. */

const RUNS = 25

const { world, http } = await openServedWorld()

type Line = { priceMinor: number; quantity: number }

/** Places one order of one seller's products and answers who may read it, or the code of the refusal. */
async function order(lines: readonly Line[], payment: PaymentChoice) {
  const seller = http.login('SELLER')
  const buyer = http.login('BUYER')
  const wanted = lines.map(({ priceMinor, quantity }) => ({
    productId: newOffer(world, { sellerId: seller.userId, priceMinor }),
    quantity,
  }))
  try {
    const body = { lines: wanted, addressId: newId(), payment }
    const call = { session: buyer.token, idempotencyKey: newId(), body }
    return { seller, buyer, id: (await http.client.placeOrder(call)).body.id }
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error
    return { seller, buyer, refused: error.code }
  }
}

type People = Pick<Awaited<ReturnType<typeof order>>, 'seller' | 'buyer'>

/** Asks for an order in every way there is: an answer that breaks its schema is a 500, which throws. */
async function readEverywhere({ seller, buyer }: People, orderId: string, confirmed: boolean) {
  const ofBuyer = { session: buyer.token, params: { orderId } }
  const read = (await http.client.readOrder(ofBuyer)).body
  await http.client.readPayment(ofBuyer)
  await http.client.readHistory(ofBuyer)
  const listed = (await http.client.listOrders({ session: buyer.token })).body.items
  expect(listed.map(({ id, totalMinor }) => [id, totalMinor])).toEqual([[orderId, read.totalMinor]])
  const sales = (await http.client.listSales({ session: seller.token })).body.items
  expect(sales.map((sale) => sale.orderId)).toEqual(confirmed ? [orderId] : [])
  if (confirmed) await http.client.readSale({ session: seller.token, params: { orderId } })
}

const near = (limit: number) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.integer({ min: 1, max: limit }) },
    { weight: 1, arbitrary: fc.integer({ min: limit - 2, max: limit }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
  )

const line = fc.record({ priceMinor: near(AMOUNT_MINOR_MAX), quantity: near(QUANTITY_MAX.line) })
const affordable = fc.record({
  priceMinor: near(AMOUNT_MINOR_MAX / QUANTITY_MAX.line / ORDER_LINES_MAX),
  quantity: near(QUANTITY_MAX.line),
})
const basket = fc.oneof(
  fc.array(line, { minLength: 1, maxLength: 2 }),
  fc.array(affordable, { minLength: 1, maxLength: ORDER_LINES_MAX }),
)
const payment = fc.constantFrom<PaymentChoice>(
  { type: 'CARD', cardToken: 'tok_visa_4242' },
  { type: 'CARD', cardToken: 'tok_declined_0002' },
  { type: 'UPI', upiId: 'ada@upi' },
  { type: 'CASH_ON_DELIVERY' },
)

describe('POST /orders', () => {
  test('at the limits keeps what buyer and seller can read, or refuses and keeps nothing', async () => {
    const outcomes = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(basket, payment, async (lines, choice) => {
        const placed = await order(lines, choice)
        const total = lines.reduce((sum, { priceMinor, quantity }) => sum + priceMinor * quantity, 0)
        expect(placed.refused).toBe(total > AMOUNT_MINOR_MAX ? 'total-too-large' : undefined)
        const outcome = placed.refused ?? 'kept'
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        if (placed.id === undefined) {
          const listed = await http.client.listOrders({ session: placed.buyer.token })
          expect(listed.body.items).toEqual([])
          return
        }
        await payUp(world)
        await readEverywhere(placed, placed.id, choice.cardToken !== 'tok_declined_0002')
      }),
      { numRuns: RUNS },
    )
    expect([...outcomes.keys()].sort()).toEqual(['kept', 'total-too-large'])
  })

  const cases: [string, Line[], string | undefined][] = [
    ['the highest price', [{ priceMinor: AMOUNT_MINOR_MAX, quantity: 1 }], undefined],
    ['one unit more', [{ priceMinor: AMOUNT_MINOR_MAX, quantity: 2 }], 'total-too-large'],
    [
      'one minor unit more, over two lines',
      [
        { priceMinor: AMOUNT_MINOR_MAX, quantity: 1 },
        { priceMinor: 1, quantity: 1 },
      ],
      'total-too-large',
    ],
    [
      'ten million rupiah a thousand times',
      [{ priceMinor: 1_000_000_100, quantity: 1_000 }],
      'total-too-large',
    ],
    [
      'all that a basket can hold',
      Array.from({ length: ORDER_LINES_MAX }, () => ({
        priceMinor: AMOUNT_MINOR_MAX,
        quantity: QUANTITY_MAX.line,
      })),
      'total-too-large',
    ],
  ]
  for (const [what, lines, code] of cases)
    test(`${code ? 'refuses' : 'takes'} ${what}`, async () => {
      const placed = await order(lines, { type: 'CARD', cardToken: 'tok_visa_4242' })
      expect(placed.refused).toBe(code)
    })
})

test('An order that was kept before totals had a bound takes no list with it', async () => {
  const placed = await order([{ priceMinor: 7, quantity: 1_000 }], {
    type: 'CARD',
    cardToken: 'tok_visa_4242',
  })
  const { id = '' } = placed
  await inTransaction(world.database, async (tx) => {
    const totalMinor = AMOUNT_MINOR_MAX * QUANTITY_MAX.line
    await tx.update(orderLines).set({ unitPriceMinor: AMOUNT_MINOR_MAX }).where(eq(orderLines.orderId, id))
    await tx.update(orders).set({ totalMinor }).where(eq(orders.id, id))
    await tx.update(payments).set({ amountMinor: totalMinor }).where(eq(payments.orderId, id))
  })
  await readEverywhere(placed, id, true)
})
