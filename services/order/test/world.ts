import { afterAll, afterEach } from 'bun:test'
import { RESERVATIONS_MAX, type reservation, type reservationOutcome } from '@bazaar/shared/api/inventory'
import type { Session } from '@bazaar/shared/auth/admission'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { newId } from '@bazaar/shared/database/columns'
import { closeDatabase, connectDatabase, type Database, read } from '@bazaar/shared/database/database'
import { outbox } from '@bazaar/shared/messaging/outbox'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { createMetrics, type Metrics } from '@bazaar/shared/telemetry/metrics'
import { createTestDatabase } from '@bazaar/shared/testing/stores'
import { testLog } from '@bazaar/shared/testing/test-log'
import { eq, sql } from 'drizzle-orm'
import { readConfig } from '../src/config.ts'
import type { Deps } from '../src/deps.ts'
import { orderMetrics } from '../src/metrics.ts'
import { listEvents, type StoredEvent } from '../src/orders/event-store.ts'
import { findOrder, type OrderWithRefunds } from '../src/orders/order-store.ts'
import { sandboxProvider } from '../src/payment/sandbox-provider.ts'
import { sandboxPayments, sandboxRefunds } from '../src/payment/sandbox-tables.ts'
import { workPayments } from '../src/payment/work-payments.ts'
import type { Basket } from '../src/placing/draft-order.ts'
import { placeOrder } from '../src/placing/place-order.ts'
import { orders } from '../src/tables.ts'

type Reservation = (typeof reservation)['static']
type Refusal = NonNullable<(typeof reservationOutcome)['static']['refusal']>

/** What the stand-in for inventory does when it is asked. Its real answers are held by the contracts. */
export type Shelf = {
  /** What is sold, at which price. */
  offers: Map<string, { sellerId: string; priceMinor: number; status: 'LISTED' | 'ARCHIVED' }>
  /** Called before every answer: may throw what a broken connection or a refusal would. */
  before: (
    call: keyof Deps['inventory'],
    query?: Readonly<Record<string, string | undefined>>,
  ) => void | Promise<void>
  /** What it says that it keeps for orders. */
  kept: Map<string, Reservation>
  /** The orders of which it says nothing when asked for several. */
  undecided: { has: (orderId: string) => boolean }
  /** How often each order was reserved and confirmed. */
  reserved: Map<string, number>
  confirmed: Map<string, number>
}

/** The use cases of the order service on a database of their own, beside stand-ins for the other services. */
export type World = {
  deps: Deps
  database: Database
  metrics: Metrics
  shelf: Shelf
  close: () => Promise<void>
}

/** Everything waits longer here than in production: what is tested is what happens, not how fast. */
const PATIENCE_MS = 20_000

/** Sets the world up for the tests of one file, and ends it after them. To be called while the file is loaded. */
export async function openWorld(): Promise<World> {
  const world = await createWorld()
  afterEach(() => {
    world.shelf.before = () => undefined
    world.shelf.undecided = new Set()
  })
  afterAll(() => world.close())
  return world
}

/** Sets a world up. */
export async function createWorld(): Promise<World> {
  const { url, drop } = await createTestDatabase('order')
  const connected = connectDatabase({ url, poolMax: 10, log: testLog })
  const database = {
    ...connected,
    acquireTimeoutMs: PATIENCE_MS,
    statementTimeoutMs: PATIENCE_MS,
    deadlineMs: PATIENCE_MS,
  }
  const shelf: Shelf = {
    offers: new Map(),
    before: () => undefined,
    kept: new Map(),
    undecided: new Set(),
    reserved: new Map(),
    confirmed: new Map(),
  }
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: url,
    REDIS_URL: 'redis://127.0.0.1:1',
    RABBITMQ_URL: 'amqp://127.0.0.1:1',
    INVENTORY_URL: 'http://127.0.0.1:1',
    INVENTORY_API_KEY: `bzk_test_0123456789abcdef_${'A'.repeat(43)}`,
    USER_URL: 'http://127.0.0.1:1',
    CURSOR_SECRET: 'a secret that only this test knows, long enough',
  })
  const wake = { relay: () => undefined, payments: () => undefined }
  const metrics = orderMetrics(createMetrics('order'))
  const deps: Deps = {
    config,
    database,
    log: testLog,
    metrics,
    provider: sandboxProvider(database),
    wake,
    ...standIns(shelf),
  }
  return {
    deps,
    database,
    metrics,
    shelf,
    close: async () => {
      await closeDatabase(connected)
      await drop()
    },
  }
}

function standIns(shelf: Shelf): Pick<Deps, 'inventory' | 'users'> {
  const headers = new Headers()
  const { placeReservation, confirmReservation } = reservations(shelf)
  return {
    inventory: {
      placeReservation,
      placeReservations: async ({ body: { reservations } }) => {
        await shelf.before('placeReservations')
        const items = await outcomesOf(shelf, reservations, ({ orderId, lines }) =>
          placeReservation({ params: { orderId }, body: { lines } }),
        )
        return { status: 200, body: { items }, headers }
      },
      confirmReservation,
      confirmReservations: async ({ body: { orderIds } }) => {
        await shelf.before('confirmReservations')
        const asked = orderIds.map((orderId) => ({ orderId }))
        const items = await outcomesOf(shelf, asked, (params) => confirmReservation({ params }))
        return { status: 200, body: { items }, headers }
      },
      listOffers: async ({ query }) => {
        await shelf.before('listOffers')
        const items = (query?.productIds ?? '').split(',').flatMap((productId) => {
          const offer = shelf.offers.get(productId)
          return offer ? [{ productId, name: 'Cup', currency: 'EUR', ...offer }] : []
        })
        return { status: 200, body: { items }, headers }
      },
      listReservations: async ({ query }) => {
        await shelf.before('listReservations', query)
        const { orderIds, afterOrderId = '' } = query ?? {}
        const asked = orderIds?.split(',') ?? [...shelf.kept.keys()]
        const items = asked
          .filter((id) => id > afterOrderId)
          .sort()
          .flatMap((id) => shelf.kept.get(id) ?? [])
          .slice(0, RESERVATIONS_MAX)
        return { status: 200, body: { items }, headers }
      },
    },
    users: {
      readAddress: async ({ params: { addressId: id } }) => {
        const address = {
          id,
          kind: 'HOME',
          recipient: 'Ada',
          line1: '1 Road',
          city: 'York',
          postalCode: 'Y1',
          country: 'GB',
          isDefault: true,
        } as const
        return { status: 200, body: address, headers }
      },
    },
  }
}

/** The operations on the reservation of one order. */
function reservations(shelf: Shelf): Pick<Deps['inventory'], 'placeReservation' | 'confirmReservation'> {
  const headers = new Headers()
  return {
    placeReservation: async ({ params: { orderId }, body: { lines } }) => {
      await shelf.before('placeReservation')
      shelf.reserved.set(orderId, (shelf.reserved.get(orderId) ?? 0) + 1)
      const expiresAt = new Date(Date.now() + 900_000).toISOString()
      return { status: 200, body: { orderId, status: 'HELD', expiresAt, lines }, headers }
    },
    confirmReservation: async ({ params: { orderId } }) => {
      await shelf.before('confirmReservation')
      shelf.confirmed.set(orderId, (shelf.confirmed.get(orderId) ?? 0) + 1)
      return { status: 200, body: { orderId, status: 'CONFIRMED', expiresAt: null, lines: [] }, headers }
    },
  }
}

/** What the operations on several reservations say: for each what the operation on one would. */
function outcomesOf<Asked extends { orderId: string }>(
  { undecided }: Shelf,
  asked: readonly Asked[],
  one: (asked: Asked) => Promise<{ body: Reservation }>,
) {
  return Promise.all(
    asked.map(async (each) => {
      const { orderId } = each
      if (undecided.has(orderId)) return { orderId }
      try {
        return { orderId, reservation: (await one(each)).body }
      } catch (error) {
        if (!(error instanceof RemoteProblem)) throw error
        const { code, members } = error
        const refusal = { code, productIds: members['productIds'] ?? [] } as Refusal
        return { orderId, refusal }
      }
    }),
  )
}

/** A logged-in buyer or seller. */
export function newSession(userType: Session['userType'] = 'BUYER', userId = newId()): Session {
  const now = new Date()
  return {
    userId,
    userType,
    sessionId: newId(),
    createdAt: now,
    expiresAt: now,
    token: 'a-token-of-a-session',
  }
}

/** Puts a product on the shelf. */
export function newOffer(world: World, offer: { sellerId?: string; priceMinor?: number } = {}): string {
  const productId = newId()
  world.shelf.offers.set(productId, { sellerId: newId(), priceMinor: 500, status: 'LISTED', ...offer })
  return productId
}

/** A basket with one product, paid by a card that works unless said otherwise. */
export function basketOf(productId: string, options: { quantity?: number; cardToken?: string } = {}): Basket {
  const { quantity = 2, cardToken = 'tok_visa_4242' } = options
  return { lines: [{ productId, quantity }], addressId: newId(), payment: { type: 'CARD', cardToken } }
}

/** Places an order that is confirmed and paid. */
export async function placed(
  world: World,
  options: { buyer?: Session; sellerId?: string; quantity?: number } = {},
): Promise<OrderWithRefunds> {
  const { buyer = newSession(), sellerId = newId(), quantity = 2 } = options
  const basket = basketOf(newOffer(world, { sellerId }), { quantity })
  const { body } = await placeOrder(world.deps, { buyer, key: newId(), basket })
  await payUp(world)
  return orderOf(world, body.id)
}

/** Lets the payment worker do all that is due. */
export async function payUp(world: World): Promise<void> {
  while ((await workPayments(world.deps)) === 'more');
}

/** An order as it is stored. */
export async function orderOf(world: World, orderId: string): Promise<OrderWithRefunds> {
  const found = await read(world.database, async (connection) => {
    const [head] = await connection.select().from(orders).where(eq(orders.id, orderId))
    return head && findOrder(connection, orderId, head.buyerId)
  })
  if (!found) throw new Error('there is no such order')
  return found
}

/** Everything that happened to an order. */
export async function eventsOf(world: World, orderId: string): Promise<StoredEvent[]> {
  return read(world.database, (connection) => listEvents(connection, { orderId, most: EVENTS_MAX }))
}

/** Far more than any test makes happen to one order. */
const EVENTS_MAX = 10_000

/** The messages to inventory that are to be sent about an order. */
export async function messagesOf(world: World, orderId: string) {
  return (await outboxOf(world, orderId)).filter(({ type }) => type === 'order.cancelled.v1')
}

/** What the people in an order are to be told of it, the oldest first. */
export async function changesOf(world: World, orderId: string) {
  const told = await outboxOf(world, orderId)
  return told.flatMap((message) => (message.type === 'order.changed.v1' ? [message.data] : []))
}

async function outboxOf(world: World, orderId: string) {
  const rows = await read(world.database, (connection) =>
    connection
      .select()
      .from(outbox)
      .where(sql`json_value(${outbox.payload}, '$.subject') = ${orderId}`)
      .orderBy(outbox.id),
  )
  return rows.map((row) => row.payload)
}

/** What the payment provider has in its books about a payment: its state, and what it gave back. */
export async function booksOf(
  world: World,
  paymentId: string,
): Promise<{ state: string | undefined; refundedMinor: number[] }> {
  return read(world.database, async (connection) => {
    const [payment] = await connection
      .select()
      .from(sandboxPayments)
      .where(eq(sandboxPayments.paymentId, paymentId))
    const refunds = await connection
      .select()
      .from(sandboxRefunds)
      .where(eq(sandboxRefunds.paymentId, paymentId))
    return { state: payment?.state, refundedMinor: refunds.map((refund) => refund.amountMinor) }
  })
}

/** What a call to inventory throws when the connection breaks. */
export function cut(): DependencyUnavailable {
  return new DependencyUnavailable('inventory')
}

/** What a call to inventory throws when it refuses. */
export function refused(code: string, members: object = {}): RemoteProblem {
  return new RemoteProblem('inventory', 409, { code, ...members }, undefined)
}

/** The code of the refusal that a use case throws. */
export async function codeOf(action: Promise<unknown>): Promise<unknown> {
  try {
    await action
  } catch (error) {
    return Reflect.get(Object(error), 'code')
  }
  throw new Error('expected a refusal, but it succeeded')
}

/** What inventory says when the stock of a cancellation is back. */
export function releasedMessage(orderId: string, cancellationId: string) {
  const time = new Date().toISOString()
  return {
    specversion: '1.0',
    id: newId(),
    source: '/bazaar/inventory',
    type: 'stock.released.v1',
    subject: orderId,
    time,
    datacontenttype: 'application/json',
    data: { orderId, cancellationId, releasedAt: time },
  } as const
}
