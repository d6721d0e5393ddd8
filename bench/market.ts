import { randomBytes, randomInt } from 'node:crypto'
import { inventoryClient } from '@bazaar/shared/clients/inventory'
import { orderClient } from '@bazaar/shared/clients/order'
import { userClient } from '@bazaar/shared/clients/user'
import { newId } from '@bazaar/shared/database/columns'
import type { Stack } from '@bazaar/stack/stack'

/** Whoever measures waits longer than a service would, and repeats nothing. */
const PATIENT = { timeoutMs: 10_000, retriesMax: 0 }
const BUYERS = 16
const PRODUCTS = 64
/** Never sold out while it is measured. */
const STOCK = 1_000_000

/** Somebody with a session. */
export type Person = { session: string; email: string; password: string; addressId: string }

/** People and products to measure with. */
export type Market = Awaited<ReturnType<typeof openMarket>>

/** Fills a fresh stack with buyers and products. */
export async function openMarket(stack: Stack) {
  const { urls } = stack
  const users = userClient({ baseUrl: urls.user, ...PATIENT })
  const inventory = inventoryClient({ baseUrl: urls.inventory, ...PATIENT })
  const orders = orderClient({ baseUrl: urls.order, ...PATIENT })
  const apiKey = stack.environmentOf('order')['INVENTORY_API_KEY'] ?? ''
  const reservations = inventoryClient({ baseUrl: urls.inventory, apiKey, ...PATIENT })

  async function person(type: 'BUYER' | 'SELLER'): Promise<Person> {
    const unique = randomBytes(8).toString('hex')
    const email = `${unique}@example.com`
    const password = `a quiet ${unique}`
    const mobileNumber = `+49${randomInt(10 ** 11, 10 ** 12)}`
    await users.signUp({ body: { type, name: 'Ada Lovelace', email, mobileNumber, password } })
    const { session } = (await users.logIn({ body: { login: email, password } })).body
    const { body: address } = await users.addAddress({
      session,
      body: {
        kind: 'HOME',
        recipient: 'Ada Lovelace',
        line1: '12 St James’s Square',
        city: 'London',
        postalCode: 'SW1Y 4JH',
        country: 'GB',
      },
    })
    return { session, email, password, addressId: address.id }
  }

  const seller = await person('SELLER')
  const buyers: Person[] = []
  for (let number = 0; number < BUYERS; number++) buyers.push(await person('BUYER'))

  const products: string[] = []
  for (let number = 0; number < PRODUCTS; number++) {
    const { body } = await inventory.createProduct({
      session: seller.session,
      idempotencyKey: newId(),
      body: {
        name: `Walnut spoon ${number}`,
        description: 'Carved by hand.',
        category: 'kitchen',
        currency: 'EUR',
        priceMinor: PRICE_MINOR,
        stockCount: STOCK,
      },
    })
    products.push(body.id)
  }

  return { users, inventory, orders, reservations, buyers: inTurn(buyers), products: inTurn(products) }
}

/** What every product here costs. */
export const PRICE_MINOR = 1_250

/** Gives one after the other, and begins again. */
function inTurn<T>(entries: readonly T[]): () => T {
  let number = 0
  return () => {
    const entry = entries[number++ % entries.length]
    if (entry === undefined) throw new Error('there is nothing to take in turn')
    return entry
  }
}
