import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { mainLine, type Visitor } from '@bazaar/client/test/main-line'
import { unlessBusy } from '@bazaar/client/test/unless-busy'
import { treaty } from '@elysiajs/eden'
import type { App as InventoryApp } from '../../services/inventory/src/app.ts'
import type { App as OrderApp } from '../../services/order/src/app.ts'
import type { App as UserApp } from '../../services/user/src/app.ts'
import { newKey, newPerson, urls } from './world.ts'

/*
 * The main line through Eden, Elysia's own client, which knows the services by the types of their apps alone: their
 * paths, their bodies, and their answers by status. What is wrong here does not compile.
 */

const PICTURE = fileURLToPath(new URL('../../stack/seed/pictures/enamel-kettle-tomato.webp', import.meta.url))

const users = treaty<UserApp>(urls.user)
const inventory = treaty<InventoryApp>(urls.inventory)
const orders = treaty<OrderApp>(urls.order)

type Answer = { data: unknown; error: unknown; status: number }

/** What was answered, if it was a success. */
function succeeded<A extends Answer>({ data, error, status }: A): NonNullable<A['data']> {
  if (data) return data
  const { code } = Object(Object(error).value)
  throw new Error(`${status} ${code}`, { cause: error })
}

function newVisitor(): Visitor {
  let headers = { session: '' }
  const keyed = (key = newKey()) => ({ headers: { ...headers, 'idempotency-key': key } })
  return {
    signUp: async (person) => succeeded(await users.users.post(person)),
    logIn: async (login) => {
      const { session } = succeeded(await users.sessions.post(login))
      headers = { session }
    },
    addAddress: async (address) => succeeded(await users.users.me.addresses.post(address, { headers })),
    createProduct: async (product) => succeeded(await inventory.products.post(product, keyed())),
    addPicture: async (productId, picture) => {
      const file = new File([picture], 'kettle.webp')
      return succeeded(await inventory.products({ productId }).images.post({ file }, { headers }))
    },
    readProduct: async (productId) => succeeded(await inventory.products({ productId }).get()),
    placeOrder: async (basket, key) => {
      const answer = await orders.orders.post(basket, keyed(key))
      const { error } = answer
      if (error?.status === 409 && error.value.code === 'out-of-stock')
        return { code: error.value.code, productIds: error.value.productIds ?? [] }
      return succeeded(answer)
    },
    readHistory: async (orderId) =>
      succeeded(await orders.orders({ orderId }).history.get({ headers })).items,
    cancelOrder: async (orderId, reason) =>
      succeeded(await orders.orders({ orderId }).cancel.post({ reason }, keyed())),
  }
}

test('Eden goes the main line, from sign-up to the stock that comes back', async () => {
  const picture = new Blob([readFileSync(PICTURE)], { type: 'image/webp' })
  await unlessBusy(() => mainLine(newVisitor, { picture }))
})

test('Eden tells refusals by their status, each with its code', async () => {
  const { session } = await newPerson('BUYER')
  const { error } = await orders.orders({ orderId: newKey() }).get({ headers: { session } })
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
  // @ts-expect-error There is no such code.
  error?.value.code === 'not-fuond'
  // @ts-expect-error Reading an order is never refused because of what is in stock.
  error?.value.code === 'out-of-stock'
}
