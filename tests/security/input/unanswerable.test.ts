import { afterAll, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { until } from '@bazaar/shared/testing/until'
import { createConnection } from 'mysql2/promise'
import { newKey, newProduct } from '../../journeys/world.ts'
import { type Answer, ask, codeOf } from '../system/ask.ts'
import { idIn, openMarket, sessionOf } from '../system/market.ts'
import { operationOf } from '../system/operations.ts'
import { select } from '../system/rows.ts'
import { adminUrls, settingOf } from '../system/stack.ts'
import { openSocket, sendRaw, wire } from './raw.ts'

/*
 * Orders whose client sends or closes something before the answer. Bun then closes the connection, so the order must
 * not be placed, or the same Idempotency-Key must lead to it.
 */

const { buyer, seller } = await openMarket()
const databaseOf = (service: 'inventory' | 'order') =>
  new URL(settingOf(service, 'DATABASE_URL')).pathname.slice(1)
const holder = await createConnection(adminUrls.mysql)
afterAll(() => holder.end())

const order = (productId: string, quantity: number) => ({
  lines: [{ productId, quantity }],
  addressId: buyer.addressId,
  payment: { type: 'CARD', cardToken: 'tok_visa_4242' },
})

/** The order as bytes. */
function wired(body: unknown, key: string): string {
  const text = JSON.stringify(body)
  return wire(
    'POST /orders',
    [
      `SESSION: ${buyer.session}`,
      `Idempotency-Key: ${key}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(text)}`,
    ],
    text,
  )
}

/** Sends the order again with its key, as an ordinary client does, until it is certain what became of it. */
function asked(body: unknown, key: string): Promise<Answer> {
  return until('the outcome of the order is certain', async () => {
    const headers = { 'idempotency-key': key }
    const answer = await ask(operationOf('order placeOrder'), { body, headers }, sessionOf(buyer))
    const isOpen =
      answer.status === 202 || answer.status === 503 || codeOf(answer) === 'idempotency-key-in-use'
    return !isOpen && answer
  })
}

/** The orders of a product, and how many units each has. */
async function ordersOf(productId: string): Promise<{ id: string; quantity: number }[]> {
  const rows = await select(
    `select lower(insert(insert(insert(insert(hex(order_id), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) id,
       quantity from ${databaseOf('order')}.order_lines where product_id = unhex(replace(?, '-', ''))`,
    [productId],
  )
  return rows.map(({ id, quantity }) => ({ id, quantity }))
}

const another = wire('GET /health/live', [])

describe('an order that arrives together with', () => {
  test.each([
    ['a line end', '\r\n'],
    ['another request', another],
  ])('%s is not placed', async (_, more) => {
    const [key, productId] = [newKey(), await newProduct(seller, { stockCount: 10 })]
    const { statuses } = await sendRaw('order', wired(order(productId, 1), key) + more)
    expect(statuses.filter((status) => status !== 400)).toEqual([])
    // A key that had been used for the first order would be refused for another.
    const placed = await asked(order(productId, 2), key)
    expect(placed.status).toBe(201)
    expect(await ordersOf(productId)).toEqual([{ id: idIn(placed), quantity: 2 }])
  })
})

describe('an order that is worked on when its client', () => {
  test.each<[string, (socket: Socket) => unknown]>([
    ['sends a line end', (socket) => socket.write('\r\n')],
    ['sends another request', (socket) => socket.write(another)],
    ['closes its half of the connection', (socket) => socket.end()],
  ])('%s is found by its key', async (_, interrupt) => {
    const [key, productId] = [newKey(), await newProduct(seller, { stockCount: 10 })]
    await holder.query('begin')
    await holder.query(
      `select 1 from ${databaseOf('inventory')}.stock where product_id = unhex(replace(?, '-', '')) for update`,
      [productId],
    )
    const socket = openSocket('order').resume()
    socket.write(wired(order(productId, 1), key))
    const [kept] = await until('the order is kept', async () => {
      const found = await ordersOf(productId)
      return found.length > 0 && found
    })
    interrupt(socket)
    await once(socket, 'end')
    await holder.query('rollback')
    socket.destroy()

    const answer = await asked(order(productId, 1), key)
    expect([answer.status, idIn(answer)]).toEqual([201, kept?.id ?? ''])
    expect(await ordersOf(productId)).toHaveLength(1)
  })

  test('closes its half right behind it is placed once at most, and found by its key', async () => {
    const [key, productId] = [newKey(), await newProduct(seller, { stockCount: 10 })]
    const socket = openSocket('order').resume()
    socket.end(wired(order(productId, 1), key))
    await once(socket, 'close')
    const answer = await asked(order(productId, 1), key)
    expect(answer.status).toBe(201)
    expect(await ordersOf(productId)).toEqual([{ id: idIn(answer), quantity: 1 }])
  })
})
