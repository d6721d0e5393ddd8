import { describe, expect, test } from 'bun:test'
import type { inventoryApi } from '@bazaar/shared/api/inventory'
import type { Client } from '@bazaar/shared/clients/client'
import { inventoryClient } from '@bazaar/shared/clients/inventory'
import { exampleKey, IDS } from '../examples.ts'
import { type InventoryStates, statesOf } from '../states.ts'
import { type Agreement, agree } from './agree.ts'
import { agreeOnMessage } from './agree-on-message.ts'
import { anId, anInstant, countsAsAway, failureOf, refusalUntilLater, refusalWith } from './answers.ts'
import { openPact } from './pact.ts'
import { troublesOf } from './troubles.ts'

/*
 * What the order service needs of inventory: to know what is sold and at what price, to have stock set aside and
 * kept, and to hear when the stock of a cancellation is back.
 */

type Inventory = Client<typeof inventoryApi>

const pact = openPact('order', 'inventory')
const given = statesOf<InventoryStates>()

const KEY = exampleKey(2)
const orderId = IDS.order
/** An id that comes before that of the order. */
const BEFORE_ORDER = '019cd1f0-0000-7000-8000-0000000000f0'
const productId = IDS.product
const quantity = 2
const PRODUCT = {
  productId,
  sellerId: IDS.seller,
  name: 'Blue enamel kettle',
  priceMinor: 1_999,
  currency: 'EUR',
}
const LINE = { productId, quantity, unitPriceMinor: PRODUCT.priceMinor, currency: PRODUCT.currency }

const holder = { key: KEY, caller: 'order', scopes: ['reservations:write'] }
const withKey = given('an API key', holder)
const inStock = given('a product', { ...PRODUCT, stockCount: 10, status: 'LISTED' })
const held = given('stock is held for an order', { orderId, productId, quantity })
const runOut = given('the hold of an order has run out', { orderId, productId, quantity })
const cancelled = given('an order was cancelled before it reserved anything', { orderId })

const headers = { 'X-API-Key': KEY }
const offersRequest: Agreement['request'] = {
  method: 'GET',
  path: '/offers',
  query: { productIds: productId },
  headers,
}
const placeRequest = (unitPriceMinor = LINE.unitPriceMinor): Agreement['request'] => ({
  method: 'PUT',
  path: `/reservations/${orderId}`,
  headers,
  body: { lines: [{ ...LINE, unitPriceMinor }] },
})
const confirmRequest: Agreement['request'] = {
  method: 'POST',
  path: `/reservations/${orderId}/confirmation`,
  headers,
}

const placeManyRequest = (unitPriceMinor = LINE.unitPriceMinor): Agreement['request'] => ({
  method: 'PUT',
  path: '/reservations',
  headers,
  body: { reservations: [{ orderId, lines: [{ ...LINE, unitPriceMinor }] }] },
})
const confirmManyRequest: Agreement['request'] = {
  method: 'POST',
  path: '/reservation-confirmations',
  headers,
  body: { orderIds: [orderId] },
}

const reservationsRequest: Agreement['request'] = {
  method: 'GET',
  path: '/reservations',
  query: { orderIds: orderId },
  headers,
}

const list = (inventory: Inventory) => inventory.listOffers({ query: { productIds: productId } })
const place = (inventory: Inventory, unitPriceMinor = LINE.unitPriceMinor) =>
  inventory.placeReservation({ params: { orderId }, body: { lines: [{ ...LINE, unitPriceMinor }] } })
const confirm = (inventory: Inventory) => inventory.confirmReservation({ params: { orderId } })

const placeMany = (inventory: Inventory, unitPriceMinor = LINE.unitPriceMinor) =>
  inventory.placeReservations({
    body: { reservations: [{ orderId, lines: [{ ...LINE, unitPriceMinor }] }] },
  })
const confirmMany = (inventory: Inventory) => inventory.confirmReservations({ body: { orderIds: [orderId] } })

const compare = (inventory: Inventory) => inventory.listReservations({ query: { orderIds: orderId } })

/** States an interaction that the order service takes as `use` says. */
function interaction(agreement: Agreement, use: (inventory: Inventory) => Promise<unknown>): void {
  test(agreement.description, () =>
    agree(pact, agreement, (url) => use(inventoryClient({ baseUrl: url, apiKey: KEY, retriesMax: 0 }))),
  )
}

/** The refusal is known by its code; the products it names are shown to the buyer. */
const refused = (code: string, members: object) => async (call: Promise<unknown>) =>
  expect(await failureOf(call)).toMatchObject({ name: 'RemoteProblem', code, members })

describe('an order is drafted', () => {
  interaction(
    {
      description: 'listOffers: a product that is sold',
      given: [withKey, inStock],
      request: offersRequest,
      response: { status: 200, body: { items: [{ ...PRODUCT, status: 'LISTED' }] } },
    },
    async (inventory) => expect((await list(inventory)).body.items).toMatchObject([PRODUCT]),
  )
  interaction(
    {
      description: 'listOffers: a product that is no longer sold',
      given: [withKey, given('a product', { ...PRODUCT, stockCount: 10, status: 'ARCHIVED' })],
      request: offersRequest,
      response: { status: 200, body: { items: [{ ...PRODUCT, status: 'ARCHIVED' }] } },
    },
    async (inventory) => expect((await list(inventory)).body.items).toMatchObject([{ status: 'ARCHIVED' }]),
  )
  interaction(
    {
      description: 'listOffers: there is no such product',
      given: [withKey],
      request: offersRequest,
      response: { status: 200, body: { items: [] } },
    },
    async (inventory) => expect((await list(inventory)).body.items).toEqual([]),
  )
})

describe('stock is set aside', () => {
  const heldAnswer = { orderId, status: 'HELD', expiresAt: anInstant(), lines: [{ productId, quantity }] }
  interaction(
    {
      description: 'placeReservation: there is enough of everything',
      given: [withKey, inStock],
      request: placeRequest(),
      response: { status: 200, body: heldAnswer },
    },
    async (inventory) =>
      expect(new Date((await place(inventory)).body.expiresAt ?? 0).getTime()).toBeGreaterThan(0),
  )
  interaction(
    {
      description: 'placeReservation: the same again, because the first answer got lost',
      given: [withKey, inStock, held],
      request: placeRequest(),
      response: { status: 200, body: heldAnswer },
    },
    (inventory) => place(inventory),
  )
  interaction(
    {
      description: 'placeReservation: there is not enough',
      given: [withKey, given('a product', { ...PRODUCT, stockCount: 1, status: 'LISTED' })],
      request: placeRequest(),
      response: refusalWith(409, 'out-of-stock', { productIds: [productId] }),
    },
    (inventory) => refused('out-of-stock', { productIds: [productId] })(place(inventory)),
  )
  interaction(
    {
      description: 'placeReservation: a product is no longer sold',
      given: [withKey, given('a product', { ...PRODUCT, stockCount: 10, status: 'ARCHIVED' })],
      request: placeRequest(),
      response: refusalWith(409, 'product-gone', { productIds: [productId] }),
    },
    (inventory) => refused('product-gone', { productIds: [productId] })(place(inventory)),
  )
  interaction(
    {
      description: 'placeReservation: a price is not what the buyer was promised',
      given: [withKey, inStock],
      request: placeRequest(1_500),
      response: refusalWith(409, 'price-changed', { productIds: [productId] }),
    },
    (inventory) => refused('price-changed', { productIds: [productId] })(place(inventory, 1_500)),
  )
  interaction(
    {
      description: 'placeReservation: the order was cancelled meanwhile',
      given: [withKey, inStock, cancelled],
      request: placeRequest(),
      response: refusalWith(409, 'order-cancelled'),
    },
    (inventory) => refused('order-cancelled', {})(place(inventory)),
  )
  interaction(
    {
      description: 'placeReservation: the same again, but the hold has run out',
      given: [withKey, inStock, runOut],
      request: placeRequest(),
      response: refusalWith(409, 'reservation-expired'),
    },
    (inventory) => refused('reservation-expired', {})(place(inventory)),
  )
  interaction(
    {
      description: 'placeReservation: too many are waiting for the product',
      given: [withKey, inStock, given('too many wait for a product', { productId, waiting: 512 })],
      request: placeRequest(),
      response: refusalUntilLater(503, 'dependency-unavailable'),
    },
    (inventory) =>
      countsAsAway(place(inventory), { status: 503, code: 'dependency-unavailable', retryAfterSeconds: 2 }),
  )
})

describe('stock is kept', () => {
  interaction(
    {
      description: 'confirmReservation: while it is held',
      given: [withKey, inStock, held],
      request: confirmRequest,
      response: {
        status: 200,
        body: { orderId, status: 'CONFIRMED', expiresAt: null, lines: [{ productId, quantity }] },
      },
    },
    confirm,
  )
  interaction(
    {
      description: 'confirmReservation: the hold has run out',
      given: [withKey, inStock, runOut],
      request: confirmRequest,
      response: refusalWith(409, 'reservation-expired'),
    },
    (inventory) => refused('reservation-expired', {})(confirm(inventory)),
  )
  interaction(
    {
      description: 'confirmReservation: the order was cancelled meanwhile',
      given: [withKey, inStock, cancelled],
      request: confirmRequest,
      response: refusalWith(409, 'order-cancelled'),
    },
    (inventory) => refused('order-cancelled', {})(confirm(inventory)),
  )
})

/** What is said of one of several orders. */
const outcome = (said: { reservation: object } | { refusal: object }) => ({
  status: 200,
  body: { items: [{ orderId, ...said }] },
})

describe('stock of several orders is set aside and kept', () => {
  const lines = [{ productId, quantity }]
  interaction(
    {
      description: 'placeReservations: there is enough of everything',
      given: [withKey, inStock],
      request: placeManyRequest(),
      response: outcome({
        reservation: { orderId, status: 'HELD', expiresAt: anInstant(), lines },
      }),
    },
    async (inventory) => expect((await placeMany(inventory)).body.items[0]?.reservation?.status).toBe('HELD'),
  )
  interaction(
    {
      description: 'placeReservations: a price is not what the buyer was promised',
      given: [withKey, inStock],
      request: placeManyRequest(1_500),
      response: outcome({ refusal: { code: 'price-changed', productIds: [productId] } }),
    },
    async (inventory) =>
      expect((await placeMany(inventory, 1_500)).body.items[0]?.refusal).toEqual({
        code: 'price-changed',
        productIds: [productId],
      }),
  )
  interaction(
    {
      description: 'confirmReservations: while it is held',
      given: [withKey, inStock, held],
      request: confirmManyRequest,
      response: outcome({
        reservation: { orderId, status: 'CONFIRMED', expiresAt: null, lines },
      }),
    },
    async (inventory) =>
      expect((await confirmMany(inventory)).body.items[0]?.reservation?.status).toBe('CONFIRMED'),
  )
  interaction(
    {
      description: 'confirmReservations: the order was cancelled meanwhile',
      given: [withKey, inStock, cancelled],
      request: confirmManyRequest,
      response: outcome({ refusal: { code: 'order-cancelled', productIds: [] } }),
    },
    async (inventory) =>
      expect((await confirmMany(inventory)).body.items[0]?.refusal?.code).toBe('order-cancelled'),
  )
})

describe('orders are compared with their stock', () => {
  interaction(
    {
      description: 'listReservations: of an order that has one',
      given: [withKey, inStock, held],
      request: reservationsRequest,
      response: {
        status: 200,
        body: {
          items: [{ orderId, status: 'HELD', expiresAt: anInstant(), lines: [{ productId, quantity }] }],
        },
      },
    },
    async (inventory) => {
      const { body } = await compare(inventory)
      expect(body.items).toMatchObject([{ orderId, status: 'HELD', lines: [{ productId, quantity }] }])
    },
  )
  interaction(
    {
      description: 'listReservations: of all orders after one',
      given: [withKey, inStock, held],
      request: { ...reservationsRequest, query: { afterOrderId: BEFORE_ORDER } },
      response: {
        status: 200,
        body: {
          items: [{ orderId, status: 'HELD', expiresAt: anInstant(), lines: [{ productId, quantity }] }],
        },
      },
    },
    async (inventory) => {
      const { body } = await inventory.listReservations({ query: { afterOrderId: BEFORE_ORDER } })
      expect(body.items).toMatchObject([{ orderId, status: 'HELD', lines: [{ productId, quantity }] }])
    },
  )
  interaction(
    {
      description: 'listReservations: of all orders after the last one',
      given: [withKey, inStock, held],
      request: { ...reservationsRequest, query: { afterOrderId: orderId } },
      response: { status: 200, body: { items: [] } },
    },
    async (inventory) =>
      expect((await inventory.listReservations({ query: { afterOrderId: orderId } })).body.items).toEqual([]),
  )
})

const operations = [
  { name: 'listOffers', request: offersRequest, call: list },
  { name: 'placeReservation', request: placeRequest(), call: place },
  { name: 'confirmReservation', request: confirmRequest, call: confirm },
  { name: 'placeReservations', request: placeManyRequest(), call: placeMany },
  { name: 'confirmReservations', request: confirmManyRequest, call: confirmMany },
  { name: 'listReservations', request: reservationsRequest, call: compare },
]

describe.each(operations)('$name in trouble', ({ name, request, call }) => {
  for (const { agreement, expected } of troublesOf({ name, provider: 'inventory', request, holder }))
    interaction(agreement, (inventory) => countsAsAway(call(inventory), expected))
})

describe('the stock of a cancellation is back', () => {
  const received = given('a cancellation was received', {
    orderId,
    cancellationId: IDS.cancellation,
    productId,
    quantity: 1,
  })
  const released = { orderId, cancellationId: IDS.cancellation, releasedAt: anInstant() }
  for (const { description, states } of [
    { description: 'of what was reserved', states: [inStock, held, received] },
    { description: 'of an order that came to nothing', states: [inStock, received] },
  ]) {
    test(`stock.released.v1: ${description}`, () =>
      agreeOnMessage(pact, {
        description: `stock.released.v1: ${description}`,
        given: states,
        type: 'stock.released.v1',
        id: anId(IDS.event),
        data: released,
      }))
  }
})
