import { randomUUID } from 'node:crypto'
import { newId } from '@bazaar/shared/database/columns'
import { linkTokenFor } from '../../journeys/mailbox.ts'
import { home, newDetails, newPerson, newProduct, type Person, place, users } from '../../journeys/world.ts'
import type { Call, Credentials } from './ask.ts'
import {
  idIn,
  KEY_CALLER,
  type Market,
  newApiKey,
  newImage,
  operatorKey,
  PICTURE,
  sessionOf,
  succeed,
} from './market.ts'
import { settingOf } from './stack.ts'

/** A call that succeeds once, and who must send it. What it uses up is there for it alone. */
export type ValidCall = Call & { as: Credentials }

/** How to make a valid call of each operation. An operation that is not here fails the tests. */
export const validCalls: Readonly<Record<string, (market: Market) => Promise<ValidCall>>> = {
  'iam setCredential': async () => ({
    as: serviceKey('iam'),
    params: { userId: newId() },
    body: { password: 'correct horse battery staple' },
  }),
  'iam verifyCredential': async ({ buyer }) => ({
    as: serviceKey('iam'),
    body: { userId: buyer.id, password: buyer.password },
  }),
  'iam changePassword': async () => {
    const userId = newId()
    const password = 'correct horse battery staple'
    await succeed('iam setCredential', { params: { userId }, body: { password } }, serviceKey('iam'))
    return {
      as: serviceKey('iam'),
      params: { userId },
      body: { currentPassword: password, newPassword: 'a quiet lake at four in the morning' },
    }
  },
  'iam readCredential': async ({ buyer }) => ({ as: serviceKey('iam'), params: { userId: buyer.id } }),
  'iam resetPassword': async () => {
    const userId = newId()
    const password = 'correct horse battery staple'
    await succeed('iam setCredential', { params: { userId }, body: { password } }, serviceKey('iam'))
    const body = { newPassword: 'a quiet lake at four in the morning', credentialVersion: 1 }
    return { as: serviceKey('iam'), params: { userId }, body }
  },
  'iam deleteCredential': async () => ({ as: serviceKey('iam'), params: { userId: newId() } }),
  ...keyCalls('iam', 'credentials:verify'),

  'user signUp': async () => ({ as: {}, body: { type: 'BUYER', name: 'Ada Lovelace', ...newDetails() } }),
  'user logIn': async ({ buyer }) => ({ as: {}, body: { login: buyer.email, password: buyer.password } }),
  'user askForPasswordReset': async () => ({ as: {}, body: { login: newDetails().email } }),
  'user resetPassword': async () => {
    const { email } = await newPerson('BUYER')
    await succeed('user askForPasswordReset', { body: { login: email } }, {})
    const newPassword = 'a quiet lake at four in the morning'
    return { as: {}, body: { token: await linkTokenFor(email), newPassword } }
  },
  'user askForEmailVerification': async () => ({ as: sessionOf(await newPerson('BUYER')) }),
  'user verifyEmail': async () => {
    const { email } = await newPerson('BUYER')
    return { as: {}, body: { token: await linkTokenFor(email, 'verify-email') } }
  },
  'user logOut': async ({ buyer }) => ({ as: (await newSession(buyer)).as }),
  'user logOutEverywhere': async () => ({ as: sessionOf(await newPerson('BUYER')) }),
  'user listSessions': async ({ buyer }) => ({ as: sessionOf(buyer) }),
  'user endSession': async ({ buyer }) => ({
    as: sessionOf(buyer),
    params: { sessionId: (await newSession(buyer)).sessionId },
  }),
  'user readProfile': async ({ buyer }) => ({ as: sessionOf(buyer) }),
  'user changeProfile': async ({ buyer }) => ({ as: sessionOf(buyer), body: { name: 'Ada King' } }),
  'user changePassword': async () => {
    const person = await newPerson('BUYER')
    const newPassword = 'a quiet lake at four in the morning'
    return { as: sessionOf(person), body: { currentPassword: person.password, newPassword } }
  },
  'user closeAccount': async () => {
    const person = await newPerson('BUYER')
    return { as: sessionOf(person), body: { currentPassword: person.password } }
  },
  'user readSeller': async ({ seller }) => ({ as: {}, params: { sellerId: seller.id } }),
  'user listAddresses': async ({ buyer }) => ({ as: sessionOf(buyer) }),
  'user addAddress': async ({ buyer }) => ({ as: sessionOf(buyer), body: home }),
  'user readAddress': addressCall(),
  'user changeAddress': addressCall(home),
  'user makeDefaultAddress': addressCall(),
  'user deleteAddress': async ({ buyer }) => ({
    as: sessionOf(buyer),
    params: { addressId: idIn(await succeed('user addAddress', { body: home }, sessionOf(buyer))) },
  }),

  'inventory readHomePage': async () => ({ as: {} }),
  'inventory listCategories': async () => ({ as: {}, query: { limit: '5' } }),
  'inventory listProducts': async () => ({ as: {}, query: { q: 'walnut', sort: 'newest', limit: '5' } }),
  'inventory readProduct': async ({ productId }) => ({ as: {}, params: { productId } }),
  'inventory readImage': async ({ productId, imageId }) => ({ as: {}, params: { productId, imageId } }),
  'inventory listOwnProducts': async ({ seller }) => ({ as: sessionOf(seller), query: { limit: '5' } }),
  'inventory createProduct': async ({ seller }) => ({
    as: sessionOf(seller),
    headers: key(),
    body: {
      name: 'Walnut spoon',
      description: 'Carved by hand.',
      category: 'kitchen',
      priceMinor: 1_250,
      currency: 'EUR',
      stockCount: 5,
    },
  }),
  'inventory changeProduct': async ({ seller }) => ({
    as: sessionOf(seller),
    params: { productId: await newProduct(seller, { stockCount: 5 }) },
    headers: { 'if-match': '"1"' },
    body: { priceMinor: 1_100 },
  }),
  'inventory archiveProduct': async ({ seller }) => ({
    as: sessionOf(seller),
    params: { productId: await newProduct(seller, { stockCount: 5 }) },
  }),
  'inventory relistProduct': async ({ seller }) => ({
    as: sessionOf(seller),
    params: { productId: await newProduct(seller, { stockCount: 5 }) },
  }),
  'inventory stopSelling': async () => ({ as: sessionOf(await newPerson('SELLER')) }),
  'inventory adjustStock': async ({ seller, productId }) => ({
    as: sessionOf(seller),
    params: { productId },
    headers: key(),
    body: { delta: 1, reason: 'RESTOCK' },
  }),
  'inventory listStockMovements': async ({ seller, productId }) => ({
    as: sessionOf(seller),
    params: { productId },
    query: { limit: '5' },
  }),
  'inventory addImage': async ({ seller }) => ({
    as: sessionOf(seller),
    params: { productId: await newProduct(seller, { stockCount: 5 }) },
    body: PICTURE,
  }),
  'inventory orderImages': async ({ seller }) => {
    const productId = await newProduct(seller, { stockCount: 5 })
    const imageIds = [await newImage(seller, productId)]
    return { as: sessionOf(seller), params: { productId }, body: { imageIds } }
  },
  'inventory describeImage': async ({ seller }) => {
    const productId = await newProduct(seller, { stockCount: 5 })
    return {
      as: sessionOf(seller),
      params: { productId, imageId: await newImage(seller, productId) },
      body: { altText: 'A spoon of dark wood' },
    }
  },
  'inventory deleteImage': async ({ seller }) => {
    const productId = await newProduct(seller, { stockCount: 5 })
    return { as: sessionOf(seller), params: { productId, imageId: await newImage(seller, productId) } }
  },
  'inventory listOffers': async ({ productId }) => ({
    as: serviceKey('inventory'),
    query: { productIds: productId },
  }),
  'inventory listReservations': async (market) => ({
    as: serviceKey('inventory'),
    query: { orderIds: await newReservation(market) },
  }),
  'inventory placeReservation': async (market) => ({
    as: serviceKey('inventory'),
    params: { orderId: newId() },
    body: reservation(market),
  }),
  'inventory placeReservations': async (market) => ({
    as: serviceKey('inventory'),
    body: { reservations: [{ orderId: newId(), ...reservation(market) }] },
  }),
  'inventory confirmReservations': async (market) => ({
    as: serviceKey('inventory'),
    body: { orderIds: [await newReservation(market)] },
  }),
  'inventory confirmReservation': async (market) => ({
    as: serviceKey('inventory'),
    params: { orderId: await newReservation(market) },
  }),
  'inventory readReservation': async (market) => ({
    as: serviceKey('inventory'),
    params: { orderId: await newReservation(market) },
  }),
  ...keyCalls('inventory', 'reservations:write'),

  'order placeOrder': async ({ buyer, productId }) => ({
    as: sessionOf(buyer),
    headers: key(),
    body: {
      lines: [{ productId, quantity: 1 }],
      addressId: buyer.addressId,
      payment: { type: 'CARD', cardToken: 'tok_visa_4242' },
      expectedTotalMinor: 1_250,
    },
  }),
  'order listOrders': async ({ buyer }) => ({
    as: sessionOf(buyer),
    query: { status: 'CONFIRMED', limit: '5' },
  }),
  'order listOpenOrders': async ({ buyer }) => ({ as: sessionOf(buyer) }),
  'order readOrder': orderCall(),
  'order readHistory': orderCall(),
  'order listCancellations': orderCall(),
  'order listRefunds': orderCall(),
  'order readPayment': orderCall(),
  'order cancelOrder': async (market) => ({
    as: sessionOf(market.buyer),
    params: { orderId: await newOrder(market) },
    headers: key(),
    body: { reason: 'Changed my mind' },
  }),
  'order payOrder': async (market) => ({
    as: sessionOf(market.buyer),
    params: { orderId: await newOrder(market, 'tok_declined_0002') },
    headers: key(),
    body: { payment: { type: 'CARD', cardToken: 'tok_visa_4242' } },
  }),
  'order listSales': async ({ seller }) => ({ as: sessionOf(seller), query: { limit: '5' } }),
  'order readSale': async ({ seller, orderId }) => ({ as: sessionOf(seller), params: { orderId } }),
  'order shipSale': async (market) => ({
    as: sessionOf(market.seller),
    params: { orderId: await newOrder(market) },
    body: { carrier: 'DHL', trackingNumber: '00340434161094027318' },
  }),
  'order deliverSale': async (market) => {
    const orderId = await newOrder(market)
    await succeed('order shipSale', { params: { orderId }, body: {} }, sessionOf(market.seller))
    return { as: sessionOf(market.seller), params: { orderId } }
  },
}

/** The key with which one of our own services asks another. */
export function serviceKey(service: 'iam' | 'inventory'): Credentials {
  return {
    'x-api-key':
      service === 'iam' ? settingOf('user', 'IAM_API_KEY') : settingOf('order', 'INVENTORY_API_KEY'),
  }
}

/** One more session of somebody. */
export async function newSession(person: Person): Promise<{ as: Credentials; sessionId: string }> {
  const { body } = await users.logIn({ body: { login: person.email, password: person.password } })
  return { as: { session: body.session }, sessionId: body.sessionId }
}

function key(): Record<string, string> {
  return { 'idempotency-key': randomUUID() }
}

function addressCall(body?: object) {
  return async ({ buyer }: Market): Promise<ValidCall> => ({
    as: sessionOf(buyer),
    params: { addressId: buyer.addressId },
    ...(body ? { body } : {}),
  })
}

function orderCall() {
  return async ({ buyer, orderId }: Market): Promise<ValidCall> => ({
    as: sessionOf(buyer),
    params: { orderId },
  })
}

async function newOrder({ buyer, productId }: Market, cardToken = 'tok_visa_4242'): Promise<string> {
  const { body } = await place(buyer, [{ productId, quantity: 1 }], { cardToken })
  return body.id
}

function reservation({ productId }: Market): object {
  return { lines: [{ productId, quantity: 1, unitPriceMinor: 1_250, currency: 'EUR' }] }
}

async function newReservation(market: Market): Promise<string> {
  const orderId = newId()
  const call = { params: { orderId }, body: reservation(market) }
  await succeed('inventory placeReservation', call, serviceKey('inventory'))
  return orderId
}

function keyCalls(
  service: 'iam' | 'inventory',
  scope: string,
): Record<string, (market: Market) => Promise<ValidCall>> {
  const as = operatorKey(service)
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
  return {
    [`${service} issueApiKey`]: async () => ({
      as,
      body: { caller: KEY_CALLER, scopes: [scope], expiresAt },
    }),
    [`${service} listApiKeys`]: async () => ({ as }),
    [`${service} rotateApiKey`]: async () => ({
      as,
      params: { publicId: (await newApiKey(service, [scope])).publicId },
      body: { expiresAt },
    }),
    [`${service} revokeApiKey`]: async () => ({
      as,
      params: { publicId: (await newApiKey(service, [scope])).publicId },
    }),
  }
}
