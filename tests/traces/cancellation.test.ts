import { expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import process from 'node:process'
import { until } from '@bazaar/shared/testing/until'
import { createConnection } from 'mysql2/promise'
import { market, newKey, place, urls } from '../journeys/world.ts'
import { adminUrls } from '../security/system/stack.ts'
import { drawn } from './picture.ts'
import { beginningsOf, sentSpans, treeOf, wayTo } from './spans.ts'

/*
 * One cancellation is one trace: from the buyer's request to the note that the stock is back and the letters that tell of
 * it, through three services, three messages and both relays, also when a message has to be tried again.
 */

const WITHIN_MS = 90_000

/** Cancels an order as the buyer's program does, which has a trace of its own. */
async function cancel(session: string, orderId: string): Promise<string> {
  const traceId = randomBytes(16).toString('hex')
  const answer = await fetch(`${urls.order}/orders/${orderId}/cancel`, {
    method: 'POST',
    headers: {
      session,
      'idempotency-key': newKey(),
      'content-type': 'application/json',
      traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
    },
    body: JSON.stringify({ reason: 'Ada wrote this' }),
  })
  expect(answer.status).toBe(200)
  return traceId
}

/** The ends of the two ways that the messages of a cancellation take. */
const LAST = ['process order.stock-released', 'process user.order-changed']

const spansOf = async (traceId: string) => (await sentSpans()).filter((span) => span.traceId === traceId)

/** The spans of a trace, once the last of it and all that led to it have been sent, each service by itself. */
function whole(traceId: string) {
  return until(
    'the trace is whole',
    async () => {
      const spans = await spansOf(traceId)
      const isOver = LAST.every((last) => spans.some(({ name, failed }) => name === last && !failed))
      return isOver && beginningsOf(spans).length === 1 && spans
    },
    WITHIN_MS,
  )
}

const MESSAGES = [
  'order create order.cancelled.v1',
  'order send order.cancelled.v1',
  'inventory process inventory.order-cancelled',
]
const MESSAGES_BACK = [
  'inventory create stock.released.v1',
  'inventory send stock.released.v1',
  'order process order.stock-released',
]

test('a cancellation is one trace, from the request to the note that the stock is back', async () => {
  const { buyer, cup } = await market()
  const { body: order } = await place(buyer, [{ productId: cup, quantity: 2 }])
  const spans = await whole(await cancel(buyer.session, order.id))

  const tree = treeOf(spans)
  expect([tree.span.service, tree.span.name]).toEqual(['order', 'POST /orders/:orderId/cancel'])
  const last = spans.find(({ name }) => name === 'process order.stock-released')
  if (!last) throw new Error('nobody noted that the stock is back')
  expect(wayTo(last, spans).map(({ service, name }) => `${service} ${name}`)).toEqual([
    'order POST /orders/:orderId/cancel',
    ...MESSAGES,
    ...MESSAGES_BACK,
  ])
  expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['order', 'inventory', 'user']))
  expect(spans.filter(({ failed }) => failed)).toEqual([])
  const names = spans.map(({ name }) => name)
  expect(names).toContain('EVAL use session')
  expect(names).toContain('COMMIT')
  expect(names).toContain('INSERT outbox')
  const picture = process.env['BAZAAR_TRACE_PICTURE']
  if (picture)
    await writeFile(picture, drawn(tree, 'A cancellation, from the request until its stock is back'))
})

test('a message that is tried again stays in the trace of its cancellation', async () => {
  const { buyer, cup } = await market()
  const { body: order } = await place(buyer, [{ productId: cup, quantity: 2 }])
  const admin = await createConnection(adminUrls.mysql)
  const id = Buffer.from(cup.replaceAll('-', ''), 'hex')
  await admin.query('begin')
  await admin.query('select * from bazaar_inventory.stock where product_id = ? for update', [id])
  const traceId = await cancel(buyer.session, order.id)
  try {
    const failed = async () => (await spansOf(traceId)).some((span) => span.kind === 5 && span.failed)
    await until('the message has failed once', failed, WITHIN_MS)
  } finally {
    await admin.end()
  }

  const spans = await whole(traceId)
  treeOf(spans)
  const last = spans.find(({ name }) => name === 'process order.stock-released')
  if (!last) throw new Error('nobody noted that the stock is back')
  const way = wayTo(last, spans)
  const attempts = way.filter(({ name }) => name === 'process inventory.order-cancelled')
  expect(attempts.length).toBeGreaterThan(1)
  expect(attempts.map(({ failed }) => failed)).toEqual(
    attempts.map((_, index) => index < attempts.length - 1),
  )
  expect(attempts.map(({ attributes }) => attributes['bazaar.message.attempt'])).toEqual(
    attempts.map((_, index) => index + 1),
  )
  expect(new Set(attempts.map(({ attributes }) => attributes['messaging.message.id'])).size).toBe(1)
})
