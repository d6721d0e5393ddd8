import { afterAll, describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { home, newDetails, newKey, newPerson, newProduct, type Person } from '../../journeys/world.ts'
import { ask, codeOf } from '../system/ask.ts'
import { forgetKeys, KEY_CALLER, openMarket, operatorKey, sessionOf, succeed } from '../system/market.ts'
import { operationOf } from '../system/operations.ts'
import { databases, select } from '../system/rows.ts'
import { type ValidCall, validCalls } from '../system/valid-calls.ts'
import { complaintsAbout } from './judge.ts'

/*
 * The refusals that an operation lists for itself, each of them caused and answered as its document says. Those that other
 * tests cause over HTTP are not repeated here: the suite `problems` names those that nobody causes.
 */

const market = await openMarket()
afterAll(forgetKeys)

const { buyer, otherBuyer, seller, productId } = market
const COMMON = 'password'
const KEYS_MAX = 200
const PAYMENTS_MAX = 25

/** A call that is valid but for what is said. */
async function valid(id: string, otherwise: Partial<ValidCall> = {}): Promise<ValidCall> {
  const make = validCalls[id]
  if (!make) throw new Error(`No valid call of ${id} is known`)
  const call = await make(market)
  return {
    ...call,
    ...otherwise,
    body: otherwise.body ? { ...Object(call.body), ...otherwise.body } : call.body,
  }
}

/** The same call after it was sent already, with what is said. */
async function again(id: string, otherwise: Partial<ValidCall>): Promise<ValidCall> {
  const { as, ...call } = await valid(id)
  await succeed(id, call, as)
  return { as, ...call, ...otherwise, body: { ...Object(call.body), ...Object(otherwise.body) } }
}

const inYears = (years: number) => new Date(Date.now() + years * 366 * 86_400_000).toISOString()

/** Issues keys until there are so many that one more is refused. */
async function tooManyKeys(service: 'iam' | 'inventory', scope: string): Promise<void> {
  const body = { caller: KEY_CALLER, scopes: [scope], expiresAt: inYears(1) }
  for (let keys = 0; keys < KEYS_MAX; keys++) {
    const answer = await ask(operationOf(`${service} issueApiKey`), { body }, operatorKey(service))
    if (answer.status !== 201) return
  }
}

function keyRefusals(service: 'iam' | 'inventory', scope: string): Causes {
  return {
    [`${service} issueApiKey unknown-scope`]: () =>
      valid(`${service} issueApiKey`, { body: { scopes: ['nothing:at-all'] } }),
    [`${service} issueApiKey expiry-out-of-range`]: () =>
      valid(`${service} issueApiKey`, { body: { expiresAt: inYears(3) } }),
    [`${service} rotateApiKey expiry-out-of-range`]: () =>
      valid(`${service} rotateApiKey`, { body: { expiresAt: inYears(3) } }),
    [`${service} rotateApiKey too-many-keys`]: async () => {
      const call = await valid(`${service} rotateApiKey`)
      await tooManyKeys(service, scope)
      return call
    },
    // The last, as it leaves no room for another key.
    [`${service} issueApiKey too-many-keys`]: async () => {
      await tooManyKeys(service, scope)
      return await valid(`${service} issueApiKey`)
    },
  }
}

type Lines = { productId: string; quantity: number }[]
const lines = (...all: Lines) => ({ lines: all })

/** A product of the seller, with another currency or price. */
async function productWith(fields: Record<string, unknown>): Promise<string> {
  const { as, ...call } = await valid('inventory createProduct', { body: fields })
  const { json } = await succeed('inventory createProduct', call, as)
  return Object(json).id
}

/** An order of the buyer in the state that it has after its payment was declined. */
async function unpaid(person: Person = buyer): Promise<string> {
  const body = {
    ...lines({ productId, quantity: 1 }),
    addressId: person.addressId,
    payment: { type: 'CARD', cardToken: 'tok_declined_0002' },
  }
  const headers = { 'idempotency-key': newKey() }
  const { json } = await succeed('order placeOrder', { headers, body }, sessionOf(person))
  return Object(json).id
}

async function archived(): Promise<string> {
  const id = await newProduct(seller, { stockCount: 5 })
  await succeed('inventory archiveProduct', { params: { productId: id } }, sessionOf(seller))
  return id
}

type Causes = Record<string, () => Promise<ValidCall>>

const causes: Causes = {
  'iam setCredential password-too-common': () => valid('iam setCredential', { body: { password: COMMON } }),
  'iam setCredential credential-exists': () =>
    again('iam setCredential', { body: { password: 'another one that is long' } }),
  'iam readCredential not-found': () => valid('iam readCredential', { params: { userId: newId() } }),
  'iam resetPassword credential-changed': () =>
    valid('iam resetPassword', { body: { credentialVersion: 7 } }),
  'iam resetPassword password-too-common': () =>
    valid('iam resetPassword', { body: { newPassword: COMMON } }),
  'iam changePassword password-unchanged': () =>
    valid('iam changePassword', { body: { newPassword: 'correct horse battery staple' } }),
  ...keyRefusals('iam', 'credentials:verify'),

  'user signUp email-taken': () => valid('user signUp', { body: { email: buyer.email } }),
  'user signUp mobile-number-taken': () =>
    valid('user signUp', { body: { mobileNumber: buyer.mobileNumber } }),
  'user signUp password-too-common': () => valid('user signUp', { body: { password: COMMON } }),
  'user resetPassword password-too-common': () =>
    valid('user resetPassword', { body: { newPassword: COMMON } }),
  'user changeProfile email-taken': () =>
    valid('user changeProfile', { body: { email: otherBuyer.email, currentPassword: buyer.password } }),
  'user changeProfile mobile-number-taken': () => {
    const { mobileNumber } = otherBuyer
    return valid('user changeProfile', { body: { mobileNumber, currentPassword: buyer.password } })
  },
  'user changeProfile reauthentication-required': () =>
    valid('user changeProfile', { body: { email: newDetails().email } }),
  'user changeProfile wrong-credentials': async () => {
    const body = { email: newDetails().email, currentPassword: 'not this one' }
    return valid('user changeProfile', { as: sessionOf(await newPerson('BUYER')), body })
  },
  'user changePassword wrong-credentials': () =>
    valid('user changePassword', { body: { currentPassword: 'not this one' } }),
  'user changePassword password-too-common': () =>
    valid('user changePassword', { body: { newPassword: COMMON } }),
  'user changePassword password-unchanged': async () => {
    const person = await newPerson('BUYER')
    const body = { currentPassword: person.password, newPassword: person.password }
    return valid('user changePassword', { as: sessionOf(person), body })
  },
  'user closeAccount wrong-credentials': () =>
    valid('user closeAccount', { body: { currentPassword: 'not this one' } }),
  'user closeAccount open-business': () =>
    valid('user closeAccount', { as: sessionOf(buyer), body: { currentPassword: buyer.password } }),
  'user addAddress unknown-country': () => valid('user addAddress', { body: { country: 'ZZ' } }),
  'user addAddress postal-code-missing': () => valid('user addAddress', { body: { postalCode: null } }),
  'user changeAddress unknown-country': () => valid('user changeAddress', { body: { country: 'ZZ' } }),
  'user changeAddress postal-code-missing': () => valid('user changeAddress', { body: { postalCode: null } }),
  'user addAddress too-many-addresses': async () => {
    const person = await newPerson('BUYER')
    for (let addresses = 1; addresses < 50; addresses++)
      await succeed('user addAddress', { body: home }, sessionOf(person))
    return valid('user addAddress', { as: sessionOf(person) })
  },

  'inventory createProduct unknown-currency': () =>
    valid('inventory createProduct', { body: { currency: 'XAU' } }),
  'inventory changeProduct unknown-currency': () =>
    valid('inventory changeProduct', { body: { currency: 'XAU' } }),
  'inventory changeProduct product-archived': async () => {
    const headers = { 'if-match': '"2"' }
    return valid('inventory changeProduct', { params: { productId: await archived() }, headers })
  },
  'inventory placeReservation duplicate-product': async () => {
    const line = { productId, quantity: 1, unitPriceMinor: 1_250, currency: 'EUR' }
    return valid('inventory placeReservation', { body: lines(line, line) })
  },
  'inventory adjustStock idempotency-key-reused': () =>
    again('inventory adjustStock', { body: { delta: 2 } }),
  ...keyRefusals('inventory', 'reservations:write'),

  'order placeOrder product-gone': async () =>
    valid('order placeOrder', { body: lines({ productId: await archived(), quantity: 1 }) }),
  'order placeOrder price-changed': () => valid('order placeOrder', { body: { expectedTotalMinor: 1 } }),
  'order placeOrder out-of-stock': async () => {
    const scarce = await productWith({ stockCount: 1 })
    const { body } = await valid('order placeOrder')
    const { expectedTotalMinor: _, ...basket } = Object(body)
    return {
      ...(await valid('order placeOrder')),
      body: { ...basket, ...lines({ productId: scarce, quantity: 2 }) },
    }
  },
  'order placeOrder unknown-address': () => valid('order placeOrder', { body: { addressId: newId() } }),
  'order placeOrder unknown-product': () =>
    valid('order placeOrder', { body: lines({ productId: newId(), quantity: 1 }) }),
  'order placeOrder duplicate-product': () =>
    valid('order placeOrder', { body: lines({ productId, quantity: 1 }, { productId, quantity: 2 }) }),
  'order placeOrder mixed-currencies': async () => {
    const other = await productWith({ currency: 'USD' })
    return valid('order placeOrder', {
      body: lines({ productId, quantity: 1 }, { productId: other, quantity: 1 }),
    })
  },
  'order placeOrder total-too-large': async () => {
    const dear = await productWith({ priceMinor: 1_000_000_000_000 })
    return valid('order placeOrder', { body: lines({ productId: dear, quantity: 2 }) })
  },
  'order placeOrder payment-incomplete': () =>
    valid('order placeOrder', { body: { payment: { type: 'CARD' } } }),
  'order placeOrder idempotency-key-expired': async () => {
    const call = await valid('order placeOrder')
    const { as, ...once } = call
    await succeed('order placeOrder', once, as)
    const database = databases.find((name) => name.includes('order'))
    const owner = buyer.id.replaceAll('-', '')
    await select(`delete from \`${database}\`.idempotency_keys where owner_id = unhex(?)`, [owner])
    return call
  },
  'order cancelOrder illegal-transition': async () => {
    const { as, ...call } = await valid('order cancelOrder', { body: {} })
    await succeed('order cancelOrder', call, as)
    const body = lines({ productId, quantity: 1 })
    return { as, ...call, headers: { 'idempotency-key': newKey() }, body }
  },
  'order cancelOrder more-than-ordered': () =>
    valid('order cancelOrder', { body: lines({ productId, quantity: 100 }) }),
  'order cancelOrder duplicate-product': () =>
    valid('order cancelOrder', { body: lines({ productId, quantity: 1 }, { productId, quantity: 1 }) }),
  'order cancelOrder idempotency-key-reused': () =>
    again('order cancelOrder', { body: { reason: 'Another' } }),
  'order payOrder idempotency-key-reused': () =>
    again('order payOrder', { body: { payment: { type: 'CASH_ON_DELIVERY' } } }),
  'order payOrder payment-incomplete': () => valid('order payOrder', { body: { payment: { type: 'CARD' } } }),
  'order payOrder illegal-transition': () => valid('order payOrder', { params: { orderId: market.orderId } }),
  'order payOrder too-many-payment-attempts': async () => {
    const params = { orderId: await unpaid() }
    const payment = { type: 'CARD', cardToken: 'tok_declined_0002' }
    const call = () => valid('order payOrder', { params, body: { payment } })
    for (let payments = 0; payments < PAYMENTS_MAX; payments++) {
      const { as, ...one } = await call()
      const { status } = await ask(operationOf('order payOrder'), one, as)
      if (status >= 400) break
    }
    return call()
  },
  'order shipSale illegal-transition': async () => {
    const { as, ...cancelling } = await valid('order cancelOrder', { body: {} })
    await succeed('order cancelOrder', cancelling, as)
    return valid('order shipSale', { params: { orderId: cancelling.params?.['orderId'] ?? '' } })
  },
  'order shipSale shipment-differs': () => again('order shipSale', { body: { carrier: 'UPS' } }),
  'order deliverSale illegal-transition': () =>
    valid('order deliverSale', { params: { orderId: market.orderId } }),
}

describe.each(Object.entries(causes))('%s', (name, cause) => {
  test('is answered as it is declared', async () => {
    const [service = '', operationName = '', code = ''] = name.split(' ')
    const operation = operationOf(`${service} ${operationName}`)
    const { as, ...call } = await cause()
    const answer = await ask(operation, call, as)
    expect([codeOf(answer), ...complaintsAbout(operation, call, answer)]).toEqual([code])
  })
})
