import { randomBytes, randomInt } from 'node:crypto'
import process from 'node:process'
import {
  type Bazaar,
  createBazaar,
  memoryStore,
  ProblemError,
  problemOf,
  UnreachableError,
} from '@bazaar/client'
import type { userApi } from '@bazaar/shared/api/user'
import type { Client } from '@bazaar/shared/clients/client'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { inventoryClient } from '@bazaar/shared/clients/inventory'
import { orderClient } from '@bazaar/shared/clients/order'
import { userClient } from '@bazaar/shared/clients/user'
import { newId } from '@bazaar/shared/database/columns'

/** Where the services of the stack under test are. */
export const urls = {
  iam: urlFrom('BAZAAR_IAM_URL'),
  user: urlFrom('BAZAAR_USER_URL'),
  inventory: urlFrom('BAZAAR_INVENTORY_URL'),
  order: urlFrom('BAZAAR_ORDER_URL'),
}

const patient = { timeoutMs: 30_000, retriesMax: 0 }

/** The services through the clients that they share, for tests of what the published client hides. */
export const users: Client<typeof userApi> = userClient({ baseUrl: urls.user, ...patient })
export const inventory = inventoryClient({ baseUrl: urls.inventory, ...patient })
export const orders = orderClient({ baseUrl: urls.order, ...patient })

/** Somebody who signed up and logged in for this test only. */
export type Person = {
  id: string
  session: string
  email: string
  mobileNumber: string
  password: string
  addressId: string
}

/** The published client of somebody who is not logged in, whatever log-in it is asked for. */
export const anyone = createBazaar({
  baseUrls: urls,
  session: { load: () => undefined, save: () => undefined },
  attemptsMax: 1,
})

/** The published client in the session of somebody, as a program of others has it: each call is sent once. */
export function bazaarOf({ session }: Pick<Person, 'session'>): Bazaar {
  return createBazaar({ baseUrls: urls, session: memoryStore(session), attemptsMax: 1 })
}

/** Signs a new buyer or seller up, logs them in and gives them an address; somebody else when a service was too busy. */
export function newPerson(type: 'BUYER' | 'SELLER', name = 'Ada Lovelace'): Promise<Person> {
  return patiently(async () => {
    const details = newDetails()
    const { email, password } = details
    const { body: user } = await anyone.user.signUp({ type, name, ...details })
    const { body: login } = await anyone.user.logIn({ login: email, password })
    const { body: address } = await bazaarOf(login).user.addAddress(home)
    return { id: user.id, session: login.session, addressId: address.id, ...details }
  })
}

/** An e-mail address, a mobile number and a password that nobody else has. */
export function newDetails(): { email: string; mobileNumber: string; password: string } {
  const unique = randomBytes(8).toString('hex')
  return {
    email: `${unique}@example.com`,
    mobileNumber: `+49${randomInt(10 ** 11, 10 ** 12)}`,
    password: `a quiet ${unique}`,
  }
}

/** An address. */
export const home = {
  kind: 'HOME',
  recipient: 'Ada Lovelace',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
} as const

/** A new key, as a client makes one for each intent. */
export function newKey(): string {
  return newId()
}

/** Offers a product and returns its id. */
export async function newProduct(
  seller: Person,
  product: { name?: string; category?: string; priceMinor?: number; stockCount: number },
): Promise<string> {
  const { body } = await bazaarOf(seller).inventory.createProduct({
    name: 'Walnut spoon',
    description: 'Carved by hand.',
    category: 'kitchen',
    currency: 'EUR',
    priceMinor: 1_250,
    ...product,
  })
  return body.id
}

/** Two sellers with ten cups and four pots, and a buyer. */
export async function market() {
  const [anna, bert, buyer] = await Promise.all([
    newPerson('SELLER', 'Anna'),
    newPerson('SELLER', 'Bert'),
    newPerson('BUYER'),
  ])
  const [cup, pot] = await Promise.all([
    newProduct(anna, { name: 'Cup', priceMinor: 500, stockCount: 10 }),
    newProduct(bert, { name: 'Pot', priceMinor: 2_000, stockCount: 4 }),
  ])
  return { anna, bert, buyer, cup, pot }
}

/** How many units of a product can be ordered. */
export async function stockOf(productId: string): Promise<number> {
  const { body } = await anyone.inventory.readProduct({ productId })
  return body.stockCount
}

/** Places an order that is paid by a card that works. */
export async function place(
  buyer: Person,
  lines: { productId: string; quantity: number }[],
  options: { key?: string; cardToken?: string; headers?: Record<string, string> } = {},
) {
  return bazaarOf(buyer).order.placeOrder(
    {
      lines,
      addressId: buyer.addressId,
      payment: { type: 'CARD', cardToken: options.cardToken ?? 'tok_visa_4242' },
    },
    { idempotencyKey: options.key ?? newKey(), headers: options.headers },
  )
}

const ATTEMPTS_MAX = 60
/** The same order is under way. */
const IN_USE = 'idempotency-key-in-use'

/**
 * Places an order with the same key until its outcome is certain, at the pace that the service asks for: `confirmed`,
 * or the refusal as status and code.
 */
export async function placeForCertain(
  buyer: Person,
  lines: { productId: string; quantity: number }[],
): Promise<string> {
  const key = newKey()
  for (let count = 0; count < ATTEMPTS_MAX; count++) {
    try {
      const { status } = await place(buyer, lines, { key })
      if (status === 201) return 'confirmed'
    } catch (error) {
      const problem = problemOf(error)
      if (!isBusy(error) && !problem) throw error
      if (problem && !isBusy(error) && problem.code !== IN_USE) return `${problem.status} ${problem.code}`
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  return 'never certain'
}

/** The refusal that a call meets, as status and code; fails when it succeeds. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof RemoteProblem) return `${error.status} ${error.code}`
    if (error instanceof ProblemError) return `${error.problem.status} ${error.problem.code}`
    throw error
  }
  throw new Error('expected a refusal, but it succeeded')
}

/** Whether the marketplace had too much to do, or gave no answer: who asks again later may get one. */
export function isBusy(error: unknown): error is ProblemError | UnreachableError {
  return error instanceof UnreachableError || [429, 503].includes(problemOf(error)?.status ?? 0)
}

const PATIENCE = 10

/** Does as a busy service asks: comes back when it says so. Only for what may be repeated. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (!isBusy(error) || attempt === PATIENCE) throw error
      await new Promise((resolve) => setTimeout(resolve, (error.retryAfterSeconds ?? 1) * 1_000))
    }
  }
}

const EVENTUALLY_MS = 40_000

/** Asks again until the answer is as wanted, or fails with the last answer after forty seconds. */
export async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + EVENTUALLY_MS
  for (;;) {
    const answer = await ask()
    if (wanted(answer)) return answer
    if (Date.now() > deadline)
      throw new Error(`it did not come about; the last answer was ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Does something with each entry, a few at a time. */
export async function eachOf<T, R>(
  entries: readonly T[],
  atOnce: number,
  work: (entry: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const waiting = entries.entries()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const [index, entry] of waiting) results[index] = await work(entry)
    }),
  )
  return results
}

function urlFrom(variable: string): string {
  const url = process.env[variable]
  if (!url)
    throw new Error(
      `Set ${variable}: the journeys drive running services. "./bazaar test journeys" does all that.`,
    )
  return url
}
