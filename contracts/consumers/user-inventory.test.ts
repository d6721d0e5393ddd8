import { describe, expect, test } from 'bun:test'
import type { inventoryApi } from '@bazaar/shared/api/inventory'
import type { Client } from '@bazaar/shared/clients/client'
import { inventoryClient } from '@bazaar/shared/clients/inventory'
import { MatchersV3 } from '@pact-foundation/pact'
import { IDS } from '../examples.ts'
import { type InventoryStates, statesOf } from '../states.ts'
import { type Agreement, agree } from './agree.ts'
import { countsAsAway, refusalUntilLater } from './answers.ts'
import { openPact } from './pact.ts'

/* What the user service needs of inventory: whether a seller who wants to close an account still offers something. */

const pact = openPact('user', 'inventory')
const given = statesOf<InventoryStates>()
const { regex, boolean, integer, string } = MatchersV3

const PRODUCT = {
  productId: IDS.product,
  sellerId: IDS.seller,
  name: 'Blue enamel kettle',
  priceMinor: 1_999,
  currency: 'EUR',
  stockCount: 10,
}
const request: Agreement['request'] = {
  method: 'GET',
  path: '/products',
  query: { sellerId: IDS.seller, limit: '20' },
}
/** The client does not take a card without these, whatever is done with it then. */
const CARD = {
  id: IDS.product,
  sellerId: IDS.seller,
  name: string(PRODUCT.name),
  category: regex('^[a-z][a-z-]*$', 'kitchen'),
  priceMinor: integer(PRODUCT.priceMinor),
  currency: regex('^[A-Z]{3}$', PRODUCT.currency),
  inStock: boolean(true),
  imageUrl: null,
}

async function productIds(inventory: Client<typeof inventoryApi>): Promise<string[]> {
  const { body } = await inventory.listProducts({ query: { sellerId: IDS.seller, limit: '20' } })
  return body.items.map(({ id }) => id)
}

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
      description: 'listProducts: of a seller who offers one',
      given: [given('a product', { ...PRODUCT, status: 'LISTED' })],
      response: { status: 200, body: { items: [CARD], next: null } },
    },
    async (inventory) => expect(await productIds(inventory)).toEqual([IDS.product]),
  )
  interaction(
    {
      description: 'listProducts: of a seller who has archived all',
      given: [given('a product', { ...PRODUCT, status: 'ARCHIVED' })],
      response: { status: 200, body: { items: [], next: null } },
    },
    async (inventory) => expect(await productIds(inventory)).toEqual([]),
  )
  interaction(
    {
      description: 'listProducts: the database is away',
      given: [given('the database cannot be reached', { database: 'inventory' })],
      response: refusalUntilLater(503, 'dependency-unavailable'),
    },
    (inventory) =>
      countsAsAway(productIds(inventory), {
        status: 503,
        code: 'dependency-unavailable',
        retryAfterSeconds: 2,
      }),
  )
})
