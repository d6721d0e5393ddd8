import { newId } from '@bazaar/shared/database/columns'
import type { Stack } from '@bazaar/stack/stack'
import { hash, verify } from '@node-rs/bcrypt'
import { connect } from 'amqplib'
import mysql from 'mysql2/promise'
import { type Market, type Person, PRICE_MINOR } from './market.ts'
import type { Comparison, Subject } from './measure.ts'

/** As many connections as a service has. */
const CONNECTIONS = 10
const CANCELLED_SEEN_EVERY_MS = 2
const CANCELLED_SEEN_WITHIN_MS = 10_000

/** A log-in against the bcrypt check alone. */
export async function logIn(market: Market): Promise<Comparison> {
  const stored = await hash('a password', { cost: 10 })
  const buyer = market.buyers()
  return {
    name: 'POST /sessions',
    ceilingIs: 'one bcrypt check of the same cost',
    atOnce: 4,
    bazaar: {
      once: async () => {
        const { body } = await market.users.logIn({ body: { login: buyer.email, password: buyer.password } })
        await market.users.logOut({ session: body.session })
      },
    },
    ceiling: { once: async () => void (await verify('a password', stored)) },
  }
}

/** Everybody wants one product: against one transaction each, as it is usually done. */
export async function hotProduct(stack: Stack, market: Market): Promise<Comparison> {
  const productId = market.products()
  return {
    name: 'PUT /reservations, one product',
    ceilingIs: 'lock, update, ledger line and commit for each',
    atOnce: 256,
    bazaar: {
      once: async () => {
        const lines = [{ productId, quantity: 1, unitPriceMinor: PRICE_MINOR, currency: 'EUR' }]
        await market.reservations.placeReservation({ params: { orderId: newId() }, body: { lines } })
      },
    },
    ceiling: await bareStock(stack),
  }
}

/** An order from the basket to CONFIRMED, against a single row that is inserted and committed. */
export async function placeOrder(
  stack: Stack,
  market: Market,
  { atOnce, of }: { atOnce: number; of: 'spread products' | 'one product' },
): Promise<Comparison> {
  const productId = market.products()
  const once = async () =>
    void (await order(market, of === 'one product' ? { productId } : { productId: market.products() }))
  return {
    name: `POST /orders, ${of}, ${atOnce} at once`,
    ceilingIs: 'one row inserted and committed',
    atOnce,
    bazaar: { once },
    ceiling: await bareCommit(stack),
  }
}

/** From a cancellation until the order shows that its stock is back, against two messages over the broker. */
export async function cancellation(stack: Stack, market: Market): Promise<Comparison> {
  return {
    name: 'an order, cancelled, until its stock is back',
    ceilingIs: 'two confirmed messages, there and back',
    atOnce: 4,
    bazaar: {
      once: async () => {
        const { session, orderId } = await order(market)
        await market.orders.cancelOrder({
          session,
          params: { orderId },
          idempotencyKey: newId(),
          body: { reason: 'Changed my mind' },
        })
        await stockIsBack(market, { session, orderId })
      },
    },
    ceiling: await bareMessages(stack),
  }
}

/** Places an order of one product, for the next buyer and of the next product unless they are given. */
export async function order(
  market: Market,
  { buyer = market.buyers(), productId = market.products() }: { buyer?: Person; productId?: string } = {},
): Promise<{ session: string; orderId: string }> {
  const { session, addressId } = buyer
  const { body } = await market.orders.placeOrder({
    session,
    idempotencyKey: newId(),
    body: {
      lines: [{ productId, quantity: 1 }],
      addressId,
      payment: { type: 'CARD', cardToken: 'tok_visa_4242' },
    },
  })
  if (body.status !== 'CONFIRMED') throw new Error(`an order is ${body.status}`)
  return { session, orderId: body.id }
}

async function stockIsBack(market: Market, { session, orderId }: { session: string; orderId: string }) {
  const deadline = performance.now() + CANCELLED_SEEN_WITHIN_MS
  while (performance.now() < deadline) {
    const { body } = await market.orders.readOrder({ session, params: { orderId } })
    if (body.cancellations.every((one) => one.stockRestoredAt !== null)) return
    await new Promise((resolve) => setTimeout(resolve, CANCELLED_SEEN_EVERY_MS))
  }
  throw new Error('the stock did not come back')
}

async function bareStock(stack: Stack): Promise<Subject> {
  const pool = await benchTables(stack)
  return {
    once: async () => {
      const connection = await pool.getConnection()
      await connection.query('start transaction')
      await connection.query('select on_hand from bench.stock where id = 1 for update')
      await connection.query('update bench.stock set on_hand = on_hand - 1 where id = 1')
      await connection.query('insert into bench.ledger (note) values (?)', [newId()])
      await connection.query('commit')
      connection.release()
    },
    end: () => pool.end(),
  }
}

async function bareCommit(stack: Stack): Promise<Subject> {
  const pool = await benchTables(stack)
  return {
    once: async () => void (await pool.query('insert into bench.ledger (note) values (?)', [newId()])),
    end: () => pool.end(),
  }
}

/** Connects to two tables that nobody else uses, with a row of stock. */
export async function benchTables(stack: Stack): Promise<mysql.Pool> {
  const pool = mysql.createPool({ uri: stack.adminUrls.mysql, connectionLimit: CONNECTIONS })
  await pool.query('create database if not exists bench')
  await pool.query('create table if not exists bench.stock (id int primary key, on_hand int not null)')
  await pool.query(
    'create table if not exists bench.ledger (id int auto_increment primary key, note char(36))',
  )
  await pool.query('insert ignore into bench.stock values (1, 1000000000)')
  return pool
}

async function bareMessages(stack: Stack): Promise<Subject> {
  const broker = await connect(stack.adminUrls.rabbitmq)
  const channel = await broker.createConfirmChannel()
  const waiting = new Map<string, () => void>()
  const queues = ['bench.there', 'bench.back'] as const
  const options = { durable: true, arguments: { 'x-queue-type': 'quorum' } }
  for (const queue of queues) await channel.assertQueue(queue, options)
  const send = (queue: string, id: string) =>
    new Promise<void>((resolve, reject) => {
      const sent = (error: unknown) => (error ? reject(error) : resolve())
      channel.sendToQueue(queue, Buffer.from(id), { persistent: true }, sent)
    })
  await channel.consume(queues[0], (message) => {
    if (message) void send(queues[1], message.content.toString()).then(() => channel.ack(message))
  })
  await channel.consume(queues[1], (message) => {
    if (!message) return
    waiting.get(message.content.toString())?.()
    channel.ack(message)
  })
  return {
    once: async () => {
      const id = newId()
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.set(id, resolve)
      await send(queues[0], id)
      await promise
      waiting.delete(id)
    },
    end: async () => {
      for (const queue of queues) await channel.deleteQueue(queue)
      await broker.close()
    },
  }
}
