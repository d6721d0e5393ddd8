import { expect, setDefaultTimeout, test } from 'bun:test'
import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { repeatably } from '@bazaar/shared/database/database'
import { holdRows } from '@bazaar/shared/testing/held-rows'
import { refusal } from '@bazaar/shared/testing/refusal'
import { until } from '@bazaar/shared/testing/until'
import { eq, sql } from 'drizzle-orm'
import { orders } from '../src/tables.ts'
import { holdCard } from './hold-card.ts'
import { openServedWorld } from './http-world.ts'
import { basketOf, newOffer } from './world.ts'

/* A request that comes again while the first one with its key is still running. */

setDefaultTimeout(60_000)

const SLOW_CARD = 'tok_slow_0001'
const IN_USE = { status: 409, code: 'idempotency-key-in-use', retryAfterSeconds: 1 }

const { world, http } = await openServedWorld()
const provider = holdCard(world, SLOW_CARD)
const isAsked = () => until('the provider is asked', () => provider.held() > 0)

function orderBy({ token }: Session, cardToken: string) {
  const body = { ...basketOf(newOffer(world), { cardToken }), addressId: newId() }
  return { session: token, idempotencyKey: newId(), body }
}

test('POST /orders is told that its key is in use, and later what the first was answered', async () => {
  const request = orderBy(http.login('BUYER'), SLOW_CARD)
  const first = http.client.placeOrder(request)
  await isAsked()
  expect(await refusal(http.client.placeOrder(request))).toMatchObject(IN_USE)
  provider.answer()
  expect((await first).body.status).toBe('CONFIRMED')
  expect((await http.client.placeOrder(request)).body.id).toBe((await first).body.id)
})

test('POST /orders/{orderId}/payments is told that its key is in use, and later the same', async () => {
  const buyer = http.login('BUYER')
  const { body: unpaid } = await http.client.placeOrder(orderBy(buyer, 'tok_declined_0002'))
  expect(unpaid.status).toBe('AWAITING_PAYMENT')
  const request = {
    session: buyer.token,
    idempotencyKey: newId(),
    params: { orderId: unpaid.id },
    body: { payment: { type: 'CARD' as const, cardToken: SLOW_CARD } },
  }
  const first = http.client.payOrder(request)
  await isAsked()
  expect(await refusal(http.client.payOrder(request))).toMatchObject(IN_USE)
  provider.answer()
  expect((await first).body.status).toBe('CONFIRMED')
  expect((await http.client.payOrder(request)).body.status).toBe('CONFIRMED')
})

test('POST /orders/{orderId}/cancel waits for the first with its key, and is answered the same', async () => {
  const buyer = http.login('BUYER')
  const { body: order } = await http.client.placeOrder(orderBy(buyer, 'tok_visa_4242'))
  const letGo = await holdRows(world.database, (tx) =>
    tx.select().from(orders).where(eq(orders.id, order.id)).for('update'),
  )
  const request = {
    session: buyer.token,
    idempotencyKey: newId(),
    params: { orderId: order.id },
    body: { reason: 'Changed my mind' },
  }
  const both = [http.client.cancelOrder(request), http.client.cancelOrder(request)]
  await until('both wait in the database', async () => (await statementsUnderWay()) === both.length)
  await letGo()
  const answers = await Promise.all(both)
  expect(answers.map(({ body }) => body.status)).toEqual(['CANCELLED', 'CANCELLED'])
  expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(1)
})

/** How many statements the database of this test works on at this moment, or keeps waiting. */
async function statementsUnderWay(): Promise<number> {
  const [rows] = await repeatably(world.database, (connection) =>
    connection.execute(sql`select 1 from information_schema.processlist
      where db = database() and id <> connection_id() and info is not null`),
  )
  return Array.isArray(rows) ? rows.length : 0
}
