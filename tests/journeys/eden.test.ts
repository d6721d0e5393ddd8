import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { treaty } from '@elysiajs/eden'
import type { App as InventoryApp } from '../../services/inventory/src/app.ts'
import type { App as OrderApp } from '../../services/order/src/app.ts'
import type { App as UserApp } from '../../services/user/src/app.ts'
import { home, newDetails, newKey, urls } from './world.ts'

/*
 * The main line through Eden, Elysia's own client, which knows the services by the types of their apps alone: their
 * paths, their bodies, and their answers by status. What is wrong here does not compile.
 */

const PICTURE = fileURLToPath(new URL('../../stack/seed/pictures/enamel-kettle-tomato.webp', import.meta.url))

const users = treaty<UserApp>(urls.user)
const inventory = treaty<InventoryApp>(urls.inventory)
const orders = treaty<OrderApp>(urls.order)

type Answer = { data: unknown; error: unknown; status: number }

/** What was answered, if it was a success of that status. */
function succeeded<A extends Answer>(answer: A, status: number): NonNullable<A['data']> {
  expect({ status: answer.status, error: answer.error }).toEqual({ status, error: null })
  if (!answer.data) throw new Error(`There is nothing in the ${status}`)
  return answer.data
}

/** Somebody new who is logged in: the headers that say so. */
async function newPerson(type: 'BUYER' | 'SELLER') {
  const { email, mobileNumber, password } = newDetails()
  const person = { type, name: 'Ada Lovelace', email, mobileNumber, password }
  const { id } = succeeded(await users.users.post(person), 201)
  const { session, userId } = succeeded(await users.sessions.post({ login: email, password }), 201)
  expect(userId).toBe(id)
  return { session }
}

test('Eden signs up, logs in, offers a product with a picture, orders it, reads the history and cancels', async () => {
  const seller = await newPerson('SELLER')
  const buyer = await newPerson('BUYER')
  const address = succeeded(await users.users.me.addresses.post(home, { headers: buyer }), 201)

  const spoon = {
    name: 'Walnut spoon',
    description: 'Carved by hand.',
    category: 'kitchen',
    currency: 'EUR',
    priceMinor: 1_250,
    stockCount: 3,
  }
  const keyed = (person: { session: string }) => ({ headers: { ...person, 'idempotency-key': newKey() } })
  const product = succeeded(await inventory.products.post(spoon, keyed(seller)), 201)
  const file = new File([readFileSync(PICTURE)], 'spoon.webp')
  const picture = await inventory
    .products({ productId: product.id })
    .images.post({ file }, { headers: seller })
  expect(succeeded(picture, 201).contentType).toBe('image/webp')

  const basket = {
    lines: [{ productId: product.id, quantity: 2 }],
    addressId: address.id,
    payment: { type: 'CARD' as const, cardToken: 'tok_visa_4242' },
  }
  const order = succeeded(await orders.orders.post(basket, keyed(buyer)), 201)
  expect(order).toMatchObject({ status: 'CONFIRMED', totalMinor: 2_500 })

  const history = succeeded(await orders.orders({ orderId: order.id }).history.get({ headers: buyer }), 200)
  expect(history.items.map(({ type }) => type).slice(0, 2)).toEqual(['PLACED', 'CONFIRMED'])

  const cancelled = succeeded(
    await orders.orders({ orderId: order.id }).cancel.post({ reason: 'Changed my mind' }, keyed(buyer)),
    200,
  )
  expect(cancelled.status).toBe('CANCELLED')
})

test('Eden tells refusals by their status, each with its code', async () => {
  const buyer = await newPerson('BUYER')
  const { error } = await orders.orders({ orderId: newKey() }).get({ headers: buyer })
  if (error?.status !== 404) throw new Error('The order of nobody was found')
  expect(error.value.code).toBe('not-found')
})

/** What Eden must not let through; it is compiled and never called. */
export async function refusedByTheCompiler(): Promise<void> {
  // @ts-expect-error There is no such path.
  await orders.odrers.get()
  const payment = { type: 'CARD' as const }
  // @ts-expect-error A quantity is a number.
  await orders.orders.post({ lines: [{ productId: 'x', quantity: '2' }], addressId: 'x', payment })
  const { data, error } = await orders.orders({ orderId: 'x' }).get()
  // @ts-expect-error An order has no price of its own.
  data?.priceMinor.toFixed()
  // @ts-expect-error Reading an order is never refused as too large.
  error?.status === 413
}
