import { describe, expect, test } from 'bun:test'
import type { inventoryApi } from '@bazaar/shared/api/inventory'
import type { Client } from '@bazaar/shared/clients/client'
import { inventoryClient } from '@bazaar/shared/clients/inventory'
import { exampleSession, IDS } from '../examples.ts'
import { type InventoryStates, statesOf } from '../states.ts'
import { type Agreement, agree } from './agree.ts'
import { countsAsAway, failureOf, refusalUntilLater, refusalWith } from './answers.ts'
import { openPact } from './pact.ts'

/*
 * What the user service needs of inventory: that a seller who wants to close an account offers nothing, and begins
 * nothing any more.
 */

const pact = openPact('user', 'inventory')
const given = statesOf<InventoryStates>()

const session = exampleSession(1)
const loggedIn = given('a user is logged in', { userId: IDS.seller, session, type: 'SELLER' })
const PRODUCT = {
  productId: IDS.product,
  sellerId: IDS.seller,
  name: 'Blue enamel kettle',
  priceMinor: 1_999,
  currency: 'EUR',
  stockCount: 10,
}
const request: Agreement['request'] = { method: 'POST', path: '/seller/stop', headers: { SESSION: session } }

const stop = (inventory: Client<typeof inventoryApi>) => inventory.stopSelling({ session })

/** States an interaction that the user service takes as `use` says. */
function interaction(
  agreement: Pick<Agreement, 'description' | 'given' | 'response'>,
  use: (inventory: Client<typeof inventoryApi>) => Promise<unknown>,
): void {
  test(agreement.description, () =>
    agree(pact, { ...agreement, request }, (url) => use(inventoryClient({ baseUrl: url, retriesMax: 0 }))),
  )
}

describe('an account is closed once its owner offers nothing', () => {
  interaction(
    {
      description: 'stopSelling: of a seller who offers something',
      given: [loggedIn, given('a product', { ...PRODUCT, status: 'LISTED' })],
      response: { status: 200, body: { productIds: [IDS.product] } },
    },
    async (inventory) => expect((await stop(inventory)).body.productIds).toEqual([IDS.product]),
  )
  interaction(
    {
      description: 'stopSelling: of a seller who has archived all',
      given: [loggedIn, given('a product', { ...PRODUCT, status: 'ARCHIVED' })],
      response: { status: 200, body: { productIds: [] } },
    },
    async (inventory) => expect((await stop(inventory)).body.productIds).toEqual([]),
  )
  interaction(
    {
      description: 'stopSelling: the seller has just logged out',
      given: [given('nobody is logged in', { session })],
      response: refusalWith(401, 'unauthenticated'),
    },
    async (inventory) =>
      expect(await failureOf(stop(inventory))).toMatchObject({ status: 401, code: 'unauthenticated' }),
  )
  interaction(
    {
      description: 'stopSelling: the database is away',
      given: [loggedIn, given('the database cannot be reached', { database: 'inventory' })],
      response: refusalUntilLater(503, 'dependency-unavailable'),
    },
    (inventory) =>
      countsAsAway(stop(inventory), { status: 503, code: 'dependency-unavailable', retryAfterSeconds: 2 }),
  )
})
