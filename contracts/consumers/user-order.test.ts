import { describe, expect, test } from 'bun:test'
import type { orderApi } from '@bazaar/shared/api/order'
import type { Client } from '@bazaar/shared/clients/client'
import { orderClient } from '@bazaar/shared/clients/order'
import { MatchersV3 } from '@pact-foundation/pact'
import { exampleSession, IDS } from '../examples.ts'
import { type OrderStates, statesOf } from '../states.ts'
import { type Agreement, agree } from './agree.ts'
import { agreeOnMessage } from './agree-on-message.ts'
import { anId, countsAsAway, failureOf, refusalUntilLater, refusalWith } from './answers.ts'
import { openPact } from './pact.ts'

/*
 * What the user service needs of the order service: which orders keep somebody from closing an account, and to hear what
 * happened to orders, so that it can write to their people.
 */

const pact = openPact('user', 'order')
const given = statesOf<OrderStates>()

const session = exampleSession(1)
const buyerLoggedIn = given('a user is logged in', { userId: IDS.buyer, session, type: 'BUYER' })
const sellerLoggedIn = given('a user is logged in', { userId: IDS.seller, session, type: 'SELLER' })
const ordered = given('an order awaits shipment', { orderId: IDS.order, productId: IDS.product, ordered: 1 })
const request: Agreement['request'] = { method: 'GET', path: '/open-orders', headers: { SESSION: session } }

const list = (orders: Client<typeof orderApi>) => orders.listOpenOrders({ session })

/** States an interaction that the user service takes as `use` says. */
function interaction(
  agreement: Pick<Agreement, 'description' | 'given' | 'response'>,
  use: (orders: Client<typeof orderApi>) => Promise<unknown>,
): void {
  test(agreement.description, () =>
    agree(pact, { ...agreement, request }, (url) => use(orderClient({ baseUrl: url, retriesMax: 0 }))),
  )
}

describe('an account is closed once no order needs its owner', () => {
  interaction(
    {
      description: 'listOpenOrders: of a buyer whose order was not sent',
      given: [buyerLoggedIn, ordered],
      response: { status: 200, body: { orderIds: [IDS.order], more: false } },
    },
    async (orders) => expect((await list(orders)).body.orderIds).toEqual([IDS.order]),
  )
  interaction(
    {
      description: 'listOpenOrders: of a seller who has to send something',
      given: [sellerLoggedIn, ordered],
      response: { status: 200, body: { orderIds: [IDS.order], more: false } },
    },
    async (orders) => expect((await list(orders)).body.orderIds).toEqual([IDS.order]),
  )
  interaction(
    {
      description: 'listOpenOrders: of somebody without any',
      given: [buyerLoggedIn],
      response: { status: 200, body: { orderIds: [], more: false } },
    },
    async (orders) => expect((await list(orders)).body.orderIds).toEqual([]),
  )
  interaction(
    {
      description: 'listOpenOrders: the user has just logged out',
      given: [given('nobody is logged in', { session })],
      response: refusalWith(401, 'unauthenticated'),
    },
    async (orders) =>
      expect(await failureOf(list(orders))).toMatchObject({ status: 401, code: 'unauthenticated' }),
  )
  interaction(
    {
      description: 'listOpenOrders: the database is away',
      given: [buyerLoggedIn, given('the database cannot be reached', { database: 'order' })],
      response: refusalUntilLater(503, 'dependency-unavailable'),
    },
    (orders) =>
      countsAsAway(list(orders), { status: 503, code: 'dependency-unavailable', retryAfterSeconds: 2 }),
  )
})

const { integer, regex, string } = MatchersV3
const three = { orderId: IDS.order, productId: IDS.product, ordered: 3 }
const parcel = { carrier: 'DHL', trackingNumber: '00340434161094027318' }

/** What is told of an order of three, unless a case says otherwise. */
const usual = {
  change: 'CONFIRMED',
  isSold: true,
  quantity: 3,
  rejectionReason: null as unknown,
  carrier: null as string | null,
  trackingNumber: null as string | null,
}

const changes: [string, ReturnType<typeof given>, Partial<typeof usual>][] = [
  ['an order was confirmed', given('an order was confirmed', three), {}],
  [
    'an order is given up because it was not paid',
    given('an order was given up because it was not paid', three),
    { change: 'REJECTED', isSold: false, rejectionReason: regex('^[A-Z_]+$', 'PAYMENT_NOT_MADE') },
  ],
  [
    'a seller has sent it',
    given('a seller has sent an order', { ...three, ...parcel }),
    { change: 'SHIPPED', ...parcel },
  ],
  ['it has arrived', given('an order that was sent has arrived', three), { change: 'DELIVERED' }],
  [
    'a buyer cancels it',
    given('a buyer has cancelled of an order', { ...three, cancelled: 3, reason: 'Not needed' }),
    { change: 'CANCELLED' },
  ],
  [
    'a buyer cancels a part of it',
    given('a buyer has cancelled of an order', { ...three, cancelled: 1, reason: 'Too many' }),
    { change: 'PARTLY_CANCELLED', quantity: 1 },
  ],
]

describe('people are told what happens to their orders', () => {
  test.each(changes)('order.changed.v1: %s', (description, state, told) => {
    const { quantity, ...data } = { ...usual, ...told }
    const line = { sellerId: IDS.seller, name: string('Kettle'), quantity, unitPriceMinor: integer(1_999) }
    return agreeOnMessage(pact, {
      description: `order.changed.v1: ${description}`,
      given: [state],
      type: 'order.changed.v1',
      id: anId(IDS.event),
      data: {
        orderId: IDS.order,
        buyerId: IDS.buyer,
        currency: regex('^[A-Z]{3}$', 'EUR'),
        lines: [line],
        givenBackMinor: integer(0),
        ...data,
      },
    })
  })
})
