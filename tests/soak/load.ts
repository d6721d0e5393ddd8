import { randomInt } from 'node:crypto'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { inventoryClient } from '@bazaar/shared/clients/inventory'
import { orderClient } from '@bazaar/shared/clients/order'
import { userClient } from '@bazaar/shared/clients/user'
import { newId } from '@bazaar/shared/database/columns'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { patient } from '@bazaar/stack/services/patient-client'

const CALL = { timeoutMs: 30_000, retriesMax: 0 }
const BUYERS = 6
const REQUESTS_OF_VISIT = 9
const PASSWORD = 'a quiet lake at four in the morning'

function isInUse(error: unknown): boolean {
  return error instanceof RemoteProblem && error.code === 'idempotency-key-in-use'
}

type Person = { session: string; addressId: string }

/** The load of an ordinary day: people look around, order, cancel, and come back. */
export type Load = { requests: () => number; stop: () => Promise<void> }

/** Begins a mixed load on a marketplace. `urls` are by the names of the variables of tests. */
export async function beginLoad(urls: Readonly<Record<string, string>>): Promise<Load> {
  const users = patient(userClient({ baseUrl: urls['BAZAAR_USER_URL'] ?? '', ...CALL }), undefined)
  const inventory = patient(
    inventoryClient({ baseUrl: urls['BAZAAR_INVENTORY_URL'] ?? '', ...CALL }),
    undefined,
  )
  const orders = patient(orderClient({ baseUrl: urls['BAZAAR_ORDER_URL'] ?? '', ...CALL }), undefined)

  async function newPerson(type: 'BUYER' | 'SELLER'): Promise<Person> {
    const email = `${newId()}@example.com`
    const mobileNumber = `+49${randomInt(10 ** 11, 10 ** 12)}`
    await users.signUp({ body: { type, name: 'Ada Lovelace', email, mobileNumber, password: PASSWORD } })
    const { session } = (await users.logIn({ body: { login: email, password: PASSWORD } })).body
    const place = {
      recipient: 'Ada',
      line1: 'High Street 1',
      city: 'Ulm',
      postalCode: '89073',
      country: 'DE',
    }
    const { id: addressId } = (await users.addAddress({ session, body: { kind: 'HOME', ...place } })).body
    return { session, addressId }
  }

  const seller = await newPerson('SELLER')
  const kettle = {
    name: 'Tin kettle',
    description: '',
    category: 'kitchen',
    priceMinor: 999,
    currency: 'EUR',
  }
  const { body: product } = await inventory.createProduct({
    session: seller.session,
    idempotencyKey: newId(),
    body: { ...kettle, stockCount: 1_000_000 },
  })

  let requests = 0
  /** A visit: somebody looks around, orders, and has second thoughts. */
  async function visit({ session, addressId }: Person): Promise<void> {
    await inventory.readHomePage({})
    await inventory.listProducts({ query: { q: 'kettle' } })
    await inventory.readProduct({ params: { productId: product.id } })
    await users.readProfile({ session })
    await orders.listOrders({ session })
    await orders.listSales({ session: seller.session })
    const { body: order } = await orders.placeOrder({
      session,
      idempotencyKey: newId(),
      body: {
        lines: [{ productId: product.id, quantity: 1 }],
        addressId,
        payment: { type: 'CARD', cardToken: 'tok_visa_4242' },
      },
    })
    const params = { orderId: order.id }
    await orders.readOrder({ session, params })
    if (order.status === 'CONFIRMED')
      await orders.cancelOrder({ session, params, idempotencyKey: newId(), body: {} })
    requests += REQUESTS_OF_VISIT
  }

  let isOver = false
  async function comeAgain(buyer: Person): Promise<void> {
    while (!isOver)
      await visit(buyer).catch((error: unknown) => {
        // A busy machine makes services refuse, or still work on what was asked before; then the visitor comes again.
        if (!(error instanceof DependencyUnavailable || isInUse(error))) throw error
      })
  }

  const buyers: Person[] = []
  while (buyers.length < BUYERS) buyers.push(await newPerson('BUYER'))
  const shopping = Promise.all(buyers.map(comeAgain))
  return {
    requests: () => requests,
    stop: async () => {
      isOver = true
      await shopping
    },
  }
}
