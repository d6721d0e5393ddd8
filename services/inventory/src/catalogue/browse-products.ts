import type { inventoryApi } from '@bazaar/shared/api/inventory'
import { isCurrency } from '@bazaar/shared/api/schema'
import { read } from '@bazaar/shared/database/database'
import { lastPositionOf, mostOf, pageOf } from '@bazaar/shared/http/pages'
import { DomainError } from '@bazaar/shared/problem'
import type { Deps } from '../deps.ts'
import { foldText } from '../search/fold-text.ts'
import { searchWordsOf } from '../search/words.ts'
import { cardView } from '../views.ts'
import { listProducts, type Position, type Sort, type StoredCard } from './catalogue-store.ts'

type Query = (typeof inventoryApi.operations.listProducts.query)['static']

/**
 * A page of the products on offer that match a search.
 * @throws {DomainError} validation-failed for an empty price range, one without a currency, or a cursor of another
 * search.
 */
export async function browseProducts(deps: Deps, query: Query) {
  const { limit: _limit, cursor: _cursor, inStock: _inStock, ...wanted } = query
  const inStock = query.inStock === 'true'
  const { category, sellerId, currency } = query
  const sort: Sort = query.sort ?? 'newest'
  const priceMinMinor = numberOf(query.priceMinMinor)
  const priceMaxMinor = numberOf(query.priceMaxMinor)
  if (priceMinMinor !== undefined && priceMaxMinor !== undefined && priceMinMinor > priceMaxMinor) {
    throw new DomainError('validation-failed', 'The lowest price is higher than the highest', {
      errors: [{ pointer: '/query/priceMinMinor', code: 'maximum' }],
    })
  }
  if (currency === undefined && (priceMinMinor ?? priceMaxMinor) !== undefined) {
    throw new DomainError('validation-failed', 'Name the currency of the price range', {
      errors: [{ pointer: '/query/currency', code: 'required' }],
    })
  }
  if (currency !== undefined && !isCurrency(currency)) {
    throw new DomainError('validation-failed', 'Use an ISO 4217 currency code such as EUR', {
      errors: [{ pointer: '/query/currency', code: 'not-allowed' }],
    })
  }
  const words = searchWordsOf(foldText(query.q ?? ''))
  const filters = { ...wanted, q: query.q === undefined ? undefined : words, sort, inStock }
  const list = { path: '/products', filters, query, cursorSecret: deps.config.cursorSecret }
  const shape = { position: POSITIONS[sort], show: cardView }
  // A search for punctuation alone finds nothing.
  if (query.q !== undefined && words.length === 0) return pageOf(list, [], shape)
  const found = await read(deps.database, (connection) =>
    listProducts(connection, {
      words,
      category,
      sellerId,
      currency,
      priceMinMinor,
      priceMaxMinor,
      inStock,
      sort,
      after: positionIn(sort, lastPositionOf(list)),
      most: mostOf(list),
    }),
  )
  return pageOf(list, found, shape)
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

/** The values of a product that a cursor must hold so that the list can continue after it. */
const POSITIONS = {
  newest: ({ id }) => [id],
  'price-ascending': ({ id, priceMinor, currency }) => [id, priceMinor, currency],
  'price-descending': ({ id, priceMinor, currency }) => [id, priceMinor, currency],
  name: ({ id, name }) => [id, name],
} satisfies Record<Sort, (card: StoredCard) => (string | number)[]>

function positionIn(sort: Sort, position: (string | number)[] | undefined): Position | undefined {
  if (!position) return undefined
  const [id, sorted, currency] = position
  return {
    id: String(id),
    currency: String(currency ?? ''),
    priceMinor: sort === 'name' ? 0 : Number(sorted ?? 0),
    name: String(sorted ?? ''),
  }
}
