import type { inventoryApi } from '@bazaar/shared/api/inventory'
import { apiKeyHandlers } from '@bazaar/shared/auth/api-key-handlers'
import { read } from '@bazaar/shared/database/database'
import type { Handlers } from '@bazaar/shared/http/handler'
import { Reply } from '@bazaar/shared/reply'
import { browseProducts } from './browse-products.ts'
import { confirmReservation } from './confirm-reservation.ts'
import type { Deps } from './deps.ts'
import { imageNotFound, productNotFound, reservationNotFound } from './errors.ts'
import { gather } from './gather.ts'
import { findHomePage, listCategoriesByName, type StoredCategory } from './home-store.ts'
import { findImage } from './image-store.ts'
import { pageOf, pageSize, positionOf } from './pages.ts'
import { createReservations } from './place-reservation.ts'
import { findProduct, listOffers } from './product-store.ts'
import { productAnswer, publicAnswer } from './public-answer.ts'
import { findReservation, listReservations } from './reservation-store.ts'
import { sellerRoutes } from './seller-routes.ts'
import { categoryView, homeView, productView, reservationView } from './views.ts'

const SCOPES = ['reservations:write', 'keys:manage']

/** What answers each operation of the inventory service. */
export function routes(deps: Deps): Handlers<typeof inventoryApi> {
  return {
    ...catalogue(deps),
    ...sellerRoutes(deps),
    ...reserving(deps),
    ...apiKeyHandlers({ database: deps.database, environment: deps.config.environment, scopes: SCOPES }),
  }
}

/** More people do not wait for one home page. */
const VIEWS_MAX = 10_000

type Operations = Handlers<typeof inventoryApi>

function catalogue(
  deps: Deps,
): Pick<Operations, 'readHomePage' | 'listCategories' | 'listProducts' | 'readProduct' | 'readImage'> {
  const { database } = deps
  // Who asks while a home page is being put together gets the next one: never an old one, and never many at once.
  const homePage = gather(
    async (views: undefined[]) => {
      const page = homeView(await read(database, findHomePage))
      return views.map(() => page)
    },
    { of: 'home page', batchMax: VIEWS_MAX, waitingMax: VIEWS_MAX },
  )
  return {
    readHomePage: async () => publicAnswer(await homePage('home', undefined)),

    listCategories: async ({ query }) => {
      const { cursorSecret } = deps.config
      const list = { path: '/categories', name: 'categories', query, cursorSecret }
      const position = positionOf(list)
      const found = await read(database, (connection) =>
        listCategoriesByName(connection, {
          after: position && String(position[0]),
          most: pageSize(list) + 1,
        }),
      )
      const shape = { position: ({ category }: StoredCategory) => [category], show: categoryView }
      const { body, headers } = pageOf(list, found, shape)
      return publicAnswer(body, headers)
    },

    listProducts: async ({ query }) => {
      const { body, headers } = await browseProducts(deps, query)
      return publicAnswer(body, headers)
    },

    readProduct: async ({ params }) => {
      const product = await read(database, (connection) => findProduct(connection, params.productId))
      if (!product) throw productNotFound()
      return productAnswer(productView(product))
    },

    readImage: async ({ params }) => {
      const image = await read(database, (connection) => findImage(connection, params))
      if (!image) throw imageNotFound()
      return new Reply(image.content, {
        headers: {
          'content-type': image.contentType,
          etag: `"${image.sha256.toString('hex')}"`,
          // A picture is never changed: another one has another id.
          'cache-control': 'public, max-age=31536000, immutable',
        },
      })
    },
  }
}

function reserving(
  deps: Deps,
): Pick<
  Operations,
  'listOffers' | 'listReservations' | 'placeReservation' | 'confirmReservation' | 'readReservation'
> {
  const placeReservation = createReservations(deps)

  return {
    listOffers: async ({ query }) => {
      const productIds = [...new Set(query.productIds.split(','))]
      return { items: await read(deps.database, (connection) => listOffers(connection, productIds)) }
    },

    listReservations: async ({ query }) => {
      const orderIds = [...new Set(query.orderIds.split(','))]
      const stored = await read(deps.database, (connection) => listReservations(connection, orderIds))
      return { items: stored.map(reservationView) }
    },

    placeReservation: async ({ params, body }) =>
      reservationView(await placeReservation({ ...params, lines: body.lines })),

    confirmReservation: async ({ params }) => reservationView(await confirmReservation(deps, params.orderId)),

    readReservation: async ({ params }) => {
      const stored = await read(deps.database, (connection) => findReservation(connection, params.orderId))
      if (!stored) throw reservationNotFound()
      return reservationView(stored)
    },
  }
}
