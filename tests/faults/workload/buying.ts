import { setTimeout as delay } from 'node:timers/promises'
import { newId } from '@bazaar/shared/database/columns'
import type { Random } from '../random.ts'
import { type Actor, type Person, settle } from './actor.ts'
import { type Call, memberOf, shortHash } from './client.ts'
import { type KnownOrder, type Market, remember } from './market.ts'

/** A buyer with the orders that they may still cancel or look at. */
export type Buyer = { actor: Actor; person: Person; market: Market; orders: KnownOrder[] }

const PAYMENTS = {
  card: { type: 'CARD', cardToken: 'tok_visa_4242' },
  cash: { type: 'CASH_ON_DELIVERY' },
  declined: { type: 'CARD', cardToken: 'tok_declined_0002' },
  late: { type: 'CARD', cardToken: 'tok_timeout_0044' },
} as const
const PAYMENT_WEIGHTS = { card: 88, cash: 6, declined: 5, late: 1 }
const LINE_WEIGHTS = { '1': 70, '2': 18, '3': 12 }
/** How many buyers look for an order and cancel it before they hear that it was placed, and how soon. */
const IMPATIENT_SHARE = 0.06
const IMPATIENT_MS_MAX = 400

/** Places an order of one to three products, often of several sellers; some that are declined are paid otherwise. */
export async function placeOrder(buyer: Buyer): Promise<void> {
  const { actor, person, market } = buyer
  const { random } = actor
  const products = basket(random, market)
  const lines = products.map(({ id, priceMinor: _ }) => ({ productId: id, quantity: random.between(1, 3) }))
  const means = random.weighted(PAYMENT_WEIGHTS)
  const key = newId()
  const second = random.chance(IMPATIENT_SHARE) ? cancelImpatiently(buyer) : undefined
  const answer = await settle(actor, {
    f: 'place',
    key,
    value: { as: person.userId, lines, means },
    by: person,
    twice: random.chance(0.03),
    again: random.chance(0.05),
    call: () => ({
      service: 'order',
      method: 'POST',
      path: '/orders',
      session: person.session,
      idempotencyKey: key,
      body: { lines, addressId: person.addressId, payment: PAYMENTS[means] },
    }),
    facts: orderFacts,
  })
  await second
  const id = memberOf(answer.body, 'id')
  if (answer.outcome !== 'ok' || id === undefined) return
  const sellers = [...new Set(products.map(({ seller }) => seller))]
  const order: KnownOrder = { id, buyer: person, lines, sellers }
  remember(buyer.orders, order)
  if (memberOf(answer.body, 'status') === 'AWAITING_PAYMENT' && random.chance(0.6)) await pay(buyer, order)
  else remember(market.confirmed, order)
}

/**
 * While an order is being placed its buyer finds it among the pending ones and cancels it: before, while or after
 * its stock is reserved.
 */
async function cancelImpatiently(buyer: Buyer): Promise<void> {
  await delay(buyer.actor.random.between(0, IMPATIENT_MS_MAX))
  const [pending] = await listOrders(buyer, 1, { status: 'PENDING' })
  if (pending !== undefined) await cancelWhole(buyer, pending)
}

/** Gives up what is not paid for: nothing is to wait for the time to pay when everything is to come to rest. */
export async function cancelUnpaid(buyer: Buyer): Promise<void> {
  for (const orderId of await listOrders(buyer, 100, { status: 'AWAITING_PAYMENT' }))
    await cancelWhole(buyer, orderId)
}

async function cancelWhole(buyer: Buyer, orderId: string): Promise<void> {
  const { actor, person } = buyer
  const key = newId()
  await settle(actor, {
    f: 'cancel',
    key,
    value: { as: person.userId, orderId },
    by: person,
    call: () => cancelCall(buyer, { key, orderId }),
    facts: orderFacts,
  })
}

/** The reason tells which request it was that cancelled. */
function cancelCall({ person }: Buyer, { key, orderId, lines }: Cancellation): Call {
  return {
    service: 'order',
    method: 'POST',
    path: `/orders/${orderId}/cancel`,
    session: person.session,
    idempotencyKey: key,
    body: { reason: key, ...(lines ? { lines } : {}) },
  }
}

type Cancellation = { key: string; orderId: string; lines?: KnownOrder['lines'] | undefined }

/** The products of one order, none twice; every other basket names them in reverse. */
function basket(random: Random, market: Market): Market['products'] {
  const count = Number(random.weighted(LINE_WEIGHTS))
  const chosen = new Set(Array.from({ length: count }, () => market.choose(random)))
  const sorted = [...chosen].sort((one, other) => (one.id < other.id ? -1 : 1))
  return random.chance(0.5) ? sorted : sorted.reverse()
}

async function pay(buyer: Buyer, order: KnownOrder): Promise<void> {
  const { actor, person, market } = buyer
  const key = newId()
  const answer = await settle(actor, {
    f: 'pay',
    key,
    value: { as: person.userId, orderId: order.id },
    by: person,
    twice: actor.random.chance(0.1),
    again: actor.random.chance(0.1),
    call: () => ({
      service: 'order',
      method: 'POST',
      path: `/orders/${order.id}/payments`,
      session: person.session,
      idempotencyKey: key,
      body: { payment: PAYMENTS.card },
    }),
    facts: orderFacts,
  })
  if (answer.outcome === 'ok') remember(market.confirmed, order)
}

/** Cancels one of the buyer's orders of late, whole or in part; some are just being sent. */
export async function cancelOrder(buyer: Buyer): Promise<void> {
  const { actor, person } = buyer
  const { random } = actor
  const order = chooseOrder(buyer)
  if (!order) return
  const [line] = order.lines
  const part = line !== undefined && random.chance(0.25)
  const lines = part ? [{ productId: line.productId, quantity: 1 }] : undefined
  const key = newId()
  const answer = await settle(actor, {
    f: 'cancel',
    key,
    value: { as: person.userId, orderId: order.id, ...(lines ? { lines } : {}) },
    by: person,
    twice: random.chance(0.05),
    again: random.chance(0.1),
    call: () => cancelCall(buyer, { key, orderId: order.id, lines }),
    facts: orderFacts,
  })
  if (answer.outcome === 'ok' && !lines) buyer.orders.splice(buyer.orders.indexOf(order), 1)
}

/** Looks at one of the buyer's orders, its history, their list, or a product. */
export async function look(buyer: Buyer): Promise<void> {
  const { actor, person, market } = buyer
  const order = chooseOrder(buyer)
  const what = actor.random.weighted({ order: 5, history: 1, list: 2, product: 2 })
  const key = `read-${newId()}`
  if (what === 'product') {
    const { id } = market.choose(actor.random)
    await settle(actor, {
      f: 'read-product',
      key,
      value: { productId: id },
      call: () => ({ service: 'inventory', method: 'GET', path: `/products/${id}` }),
      facts: (body) => ({ productId: memberOf(body, 'id') }),
    })
  } else if (what === 'list') {
    await listOrders(buyer, 20)
  } else if (order) {
    const history = what === 'history'
    await settle(actor, {
      f: history ? 'read-history' : 'read-order',
      key,
      value: { as: person.userId, orderId: order.id },
      by: person,
      call: () => ({
        service: 'order',
        method: 'GET',
        path: `/orders/${order.id}${history ? '/history' : ''}`,
        session: person.session,
      }),
      facts: history
        ? (body) => ({ events: itemsOf(body).map((item) => memberOf(item, 'type')) })
        : orderFacts,
    })
  }
}

const PAGES_MAX = 1_000

/** Lists the buyer's orders: the newest page, or all pages. Answers the ids of the last page. */
export async function listOrders(
  buyer: Buyer,
  limit: number,
  { all = false, status }: { all?: boolean; status?: string } = {},
): Promise<string[]> {
  const { actor, person } = buyer
  const only = status === undefined ? '' : `&status=${status}`
  let cursor: string | undefined
  for (let page = 0; ; page++) {
    const answer = await settle(actor, {
      f: all ? 'list-all-orders' : 'list-orders',
      key: `list-${newId()}`,
      value: { as: person.userId },
      by: person,
      call: () => ({
        service: 'order',
        method: 'GET',
        path: `/orders?limit=${limit}${only}${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        session: person.session,
      }),
      facts: (body) => ({ orderIds: idsOf(body) }),
    })
    cursor = memberOf(answer.body, 'next')
    if (!all || cursor === undefined || page === PAGES_MAX) return idsOf(answer.body)
  }
}

function chooseOrder({ actor, orders }: Buyer): KnownOrder | undefined {
  // Often the latest: that is where things still move.
  if (actor.random.chance(0.4)) return orders.at(-1)
  return orders.length === 0 ? undefined : actor.random.pick(orders.slice(-30))
}

function idsOf(body: unknown): string[] {
  return itemsOf(body).flatMap((item) => memberOf(item, 'id') ?? [])
}

function itemsOf(body: unknown): unknown[] {
  if (typeof body !== 'object' || body === null || !('items' in body)) return []
  return Array.isArray(body.items) ? body.items : []
}

/** The members of an object in the order of their names. MySQL keeps JSON in an order of its own, which says nothing. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}

/**
 * What the checkers want to know of an order that was shown: `content` is a fingerprint of what never changes,
 * `recipient` the id of the buyer it is for.
 */
function orderFacts(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null) return {}
  const order: Partial<Record<string, unknown>> = { ...body }
  const lines = Array.isArray(order['lines']) ? order['lines'] : []
  const frozen = lines.map(({ cancelledQuantity: _, ...line }) => line)
  const { id, status, totalMinor, payableMinor, currency, shipTo } = order
  return {
    orderId: id,
    orderStatus: status,
    totalMinor,
    payableMinor,
    content: shortHash(JSON.stringify([id, currency, totalMinor, shipTo, frozen], inOrder)),
    recipient: memberOf(shipTo, 'recipient'),
  }
}
