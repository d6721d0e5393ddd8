import { describe, expect, test } from 'bun:test'
import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { DomainError } from '@bazaar/shared/problem'
import fc from 'fast-check'
import { cancelOrder } from '../../src/cancelling/cancel-order.ts'
import type { Deps } from '../../src/deps.ts'
import { payOrder } from '../../src/payment/pay-order.ts'
import type { PaymentChoice } from '../../src/payment/payment.ts'
import { workPayments } from '../../src/payment/work-payments.ts'
import { placeOrder } from '../../src/placing/place-order.ts'
import { deliverSale, shipSale } from '../../src/sales/move-sale.ts'
import { faultsAtRest, faultsOf } from '../adding-up.ts'
import { booksOf, cut, eventsOf, newOffer, newSession, openWorld, orderOf, payUp } from '../world.ts'

/* Money adds up at every step, whatever is done to an order, in whichever order, and wherever it breaks off. */

const RUNS = 10
const STEPS_MAX = 12
const ROUNDS_MAX = 5

const world = await openWorld()

const DECLINED: PaymentChoice = { type: 'CARD', cardToken: 'tok_declined_0002' }
const WAYS = {
  CARD: { type: 'CARD', cardToken: 'tok_visa_4242' },
  UPI: { type: 'UPI', upiId: 'ada@upi' },
  NET_BANKING: { type: 'NET_BANKING', bankCode: 'HDFC' },
  CASH_ON_DELIVERY: { type: 'CASH_ON_DELIVERY' },
} as const satisfies Record<string, PaymentChoice>

type Step =
  | { do: 'cancel'; line: number; quantity: number }
  | { do: 'cancel seller' | 'ship' | 'deliver'; seller: number }
  | { do: 'cancel all' | 'pay' | 'pay, declined' | 'work' | 'work, cut off' }

const seller = fc.nat({ max: 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('cancel' as const),
      line: fc.nat({ max: 2 }),
      quantity: fc.integer({ min: 1, max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel seller' as const), seller }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('ship' as const, 'deliver' as const), seller }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'cancel all' as const,
        'pay' as const,
        'pay' as const,
        'pay, declined' as const,
        'work' as const,
        'work' as const,
        'work, cut off' as const,
      ),
    }),
  },
)

type Scene = { orderId: string; buyer: Session; sellers: Session[]; productIds: string[]; way: PaymentChoice }

/** Places an order of three lines over two sellers. */
async function openScene(way: PaymentChoice, declinedFirst: boolean): Promise<Scene> {
  const buyer = newSession()
  const sellers = [newSession('SELLER'), newSession('SELLER')]
  const productIds = [0, 0, 1].map((index, line) =>
    newOffer(world, { sellerId: sellers[index]?.userId ?? '', priceMinor: [333, 500, 1_000][line] ?? 1 }),
  )
  const lines = productIds.map((productId) => ({ productId, quantity: 3 }))
  const basket = { lines, addressId: newId(), payment: declinedFirst ? DECLINED : way }
  const { body } = await placeOrder(world.deps, { buyer, key: newId(), basket })
  return { orderId: body.id, buyer, sellers, productIds, way }
}

/** A provider that does what it is told, but whose answer is lost. */
function cutOff(deps: Deps): Deps {
  const lose = async (): Promise<never> => Promise.reject(cut())
  const { provider } = deps
  return {
    ...deps,
    provider: {
      ...provider,
      capture: (charge) => provider.capture(charge).then(lose),
      void: (charge) => provider.void(charge).then(lose),
      refund: (charge, refund) => provider.refund(charge, refund).then(lose),
    },
  }
}

/** Takes a step; what the rules refuse is a step that changes nothing. */
async function take(one: Step, scene: Scene): Promise<void> {
  try {
    await takeIfAllowed(one, scene)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
  }
}

async function takeIfAllowed(
  one: Step,
  { orderId, buyer, sellers, productIds, way }: Scene,
): Promise<unknown> {
  const { deps } = world
  const call = { buyer, key: newId(), orderId }
  switch (one.do) {
    case 'cancel': {
      const lines = [{ productId: productIds[one.line] ?? '', quantity: one.quantity }]
      return cancelOrder(deps, { ...call, cancel: { lines } })
    }
    case 'cancel seller': {
      const { lines: all } = await orderOf(world, orderId)
      const lines = all
        .filter(({ sellerId }) => sellerId === sellers[one.seller]?.userId)
        .map((line) => ({ productId: line.productId, quantity: line.quantity - line.cancelledQuantity }))
        .filter(({ quantity }) => quantity > 0)
      return lines.length > 0 ? cancelOrder(deps, { ...call, cancel: { lines } }) : undefined
    }
    case 'cancel all':
      return cancelOrder(deps, { ...call, cancel: {} })
    case 'ship':
      return shipSale(deps, { seller: sellers[one.seller] ?? buyer, orderId, shipment: {} })
    case 'deliver':
      return deliverSale(deps, { seller: sellers[one.seller] ?? buyer, orderId })
    case 'pay':
      return payOrder(deps, { ...call, payment: way })
    case 'pay, declined':
      return payOrder(deps, { ...call, payment: DECLINED })
    case 'work':
      return payUp(world)
    case 'work, cut off':
      return workPayments(cutOff(deps))
  }
}

async function present(orderId: string) {
  const order = await orderOf(world, orderId)
  const events = await eventsOf(world, orderId)
  return { order, events, books: await booksOf(world, order.payments[0]?.id ?? '') }
}

/** Works until nothing is due; what was captured may have to be given back in the next round. */
async function rest(orderId: string): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    await payUp(world)
    if ((await orderOf(world, orderId)).payments.every(({ workDueAt }) => workDueAt === null)) return
  }
}

async function play(way: PaymentChoice, declinedFirst: boolean, steps: readonly Step[]): Promise<string> {
  const scene = await openScene(way, declinedFirst)
  for (const one of steps) {
    await take(one, scene)
    const { order, events, books } = await present(scene.orderId)
    expect(faultsOf(order, events, books)).toEqual([])
  }
  await rest(scene.orderId)
  const { order, events, books } = await present(scene.orderId)
  expect([...faultsOf(order, events, books), ...faultsAtRest(order, books)]).toEqual([])
  return order.status
}

describe('Taken minus given back is payable at every step of an order paid by', () => {
  for (const [type, way] of Object.entries(WAYS))
    test(type, async () => {
      const ends = new Set<string>()
      await fc.assert(
        fc.asyncProperty(
          fc.boolean(),
          fc.array(step, { maxLength: STEPS_MAX }),
          async (declinedFirst, steps) => {
            ends.add(await play(way, declinedFirst, steps))
          },
        ),
        { numRuns: RUNS },
      )
      // Otherwise the sequences would not lead anywhere.
      expect(ends.size).toBeGreaterThan(1)
    })
})

const cancelOne: Step = { do: 'cancel', line: 0, quantity: 1 }
const all = (what: 'ship' | 'deliver'): Step[] => [
  { do: what, seller: 0 },
  { do: what, seller: 1 },
]
const cases: [string, PaymentChoice, boolean, Step[], string][] = [
  [
    'cash after a part was cancelled',
    WAYS.CASH_ON_DELIVERY,
    false,
    [cancelOne, ...all('ship'), ...all('deliver')],
    'DELIVERED',
  ],
  [
    'cash when the other seller is cancelled after the first has delivered',
    WAYS.CASH_ON_DELIVERY,
    false,
    [
      { do: 'ship', seller: 0 },
      { do: 'deliver', seller: 0 },
      { do: 'cancel seller', seller: 1 },
    ],
    'DELIVERED',
  ],
  [
    'a card cancelled before it was charged',
    WAYS.CARD,
    false,
    [cancelOne, { do: 'cancel all' }, { do: 'work' }],
    'CANCELLED',
  ],
  [
    'a card that is charged for less after it was declined',
    WAYS.CARD,
    true,
    [cancelOne, { do: 'pay' }, { do: 'work' }, cancelOne],
    'CONFIRMED',
  ],
  [
    'an order of which nothing is left while it awaits payment',
    WAYS.UPI,
    true,
    [
      { do: 'cancel seller', seller: 0 },
      { do: 'cancel seller', seller: 1 },
    ],
    'CANCELLED',
  ],
]
for (const [what, way, declinedFirst, steps, status] of cases)
  test(`Money adds up for ${what}`, async () => {
    expect(await play(way, declinedFirst, steps)).toBe(status)
  })
