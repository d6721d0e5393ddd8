/*
 * The provider states: the words in which a consumer says in what state the world must be for an interaction. Each
 * has parameters, so that nothing is agreed upon silently. A provider has to be able to bring every one of them
 * about: a state without a handler does not compile here, and fails the verification of a pact from elsewhere.
 */

/** A state and its parameters, as they are written into a pact. */
export type GivenState = { name: string; params: Params }
type Params = Record<string, string | number | boolean | string[]>

type ApiKeyStates = {
  'an API key': { key: string; caller: string; scopes: string[] }
  'an API key that was revoked': { key: string; caller: string; scopes: string[] }
}
type OutageStates = { 'the database cannot be reached': { database: string } }

type AddressParams = {
  userId: string
  addressId: string
  recipient: string
  line1: string
  line2?: string
  city: string
  region?: string
  postalCode: string
  country: string
}

/** What the identity service can be in. */
export type IamStates = ApiKeyStates &
  OutageStates & {
    'a user has a password': { userId: string; password: string }
    'a user has no password': { userId: string }
    'too many passwords are being checked': { checks: number }
  }

/** What the user service can be in. */
export type UserStates = OutageStates & {
  'a buyer is logged in': { userId: string; session: string }
  'nobody is logged in': { session: string }
  'a user has an address': AddressParams
  'a user has no such address': { userId: string; addressId: string }
}

/** Who is logged in. */
export type SessionStates = {
  'a user is logged in': { userId: string; session: string; type: string }
  'nobody is logged in': { session: string }
}

/** What the inventory service can be in. */
export type InventoryStates = ApiKeyStates &
  OutageStates &
  SessionStates & {
    'a product': {
      productId: string
      sellerId: string
      name: string
      priceMinor: number
      currency: string
      stockCount: number
      status: 'LISTED' | 'ARCHIVED'
    }
    'stock is held for an order': { orderId: string; productId: string; quantity: number }
    'the hold of an order has run out': { orderId: string; productId: string; quantity: number }
    'an order was cancelled before it reserved anything': { orderId: string }
    'a cancellation was received': {
      orderId: string
      cancellationId: string
      productId: string
      quantity: number
    }
    'too many wait for a product': { productId: string; waiting: number }
  }

/** What the order service can be in. */
export type OrderStates = OutageStates &
  SessionStates & {
    'a buyer has cancelled of an order': {
      orderId: string
      productId: string
      ordered: number
      cancelled: number
      reason: string
    }
    'an order was given up because it was not paid': { orderId: string; productId: string; ordered: number }
    'an order awaits shipment': { orderId: string; productId: string; ordered: number }
    'an order was confirmed': { orderId: string; productId: string; ordered: number }
    'a seller has sent an order': {
      orderId: string
      productId: string
      ordered: number
      carrier: string
      trackingNumber: string
    }
    'an order that was sent has arrived': { orderId: string; productId: string; ordered: number }
  }

/** Says states in the words of one provider: `given('a user has no password', { userId })`. */
export function statesOf<States extends Record<string, object>>() {
  return <Name extends keyof States & string>(name: Name, params: States[Name] & Params): GivenState => ({
    name,
    params,
  })
}
