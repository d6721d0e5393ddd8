import type { inventoryApi } from '@bazaar/shared/api/inventory'
import { apiKeyHandlers } from '@bazaar/shared/api-key-handlers'
import { read } from '@bazaar/shared/database'
import { type Handlers, Reply } from '@bazaar/shared/handler'
import { addImage, deleteImage } from './add-image.ts'
import { adjustStock } from './adjust-stock.ts'
import { browseProducts } from './browse-products.ts'
import { archiveProduct, changeProduct } from './change-product.ts'
import { confirmReservation } from './confirm-reservation.ts'
import { createProduct } from './create-product.ts'
import type { Deps } from './deps.ts'
import { imageNotFound, productNotFound, reservationNotFound } from './errors.ts'
import { findHomePage } from './home-store.ts'
import { findImage } from './image-store.ts'
import { pageOf, pageSize, positionOf } from './pages.ts'
import { createReservations } from './place-reservation.ts'
import { ownedBy } from './product.ts'
import { findProduct, findSeller, listOffers, listProductsOf } from './product-store.ts'
import { ownProductAnswer, productAnswer, publicAnswer } from './public-answer.ts'
import { findReservation } from './reservation-store.ts'
import { listMovements } from './stock-store.ts'
import { homeView, imageView, movementView, productView, reservationView } from './views.ts'

const SCOPES = ['reservations:write', 'keys:manage']

/** What answers each operation of the inventory service. */
export function routes(deps: Deps): Handlers<typeof inventoryApi> {
  return {
    ...catalogue(deps),
    ...selling(deps),
    ...reserving(deps),
    ...apiKeyHandlers({ database: deps.database, environment: deps.config.environment, scopes: SCOPES }),
  }
}

type Some<Name extends keyof Handlers<typeof inventoryApi>> = Pick<Handlers<typeof inventoryApi>, Name>

function catalogue({
  database,
  ...deps
}: Deps): Some<'readHomePage' | 'listProducts' | 'readProduct' | 'readImage'> {
  return {
    readHomePage: async () => publicAnswer(homeView(await read(database, findHomePage))),

    listProducts: async ({ query }) => {
      const { body, headers } = await browseProducts({ database, ...deps }, query)
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

function selling(
  deps: Deps,
): Some<
  | 'listOwnProducts'
  | 'createProduct'
  | 'changeProduct'
  | 'archiveProduct'
  | 'adjustStock'
  | 'listStockMovements'
  | 'addImage'
  | 'deleteImage'
> {
  const { database } = deps
  const { cursorSecret } = deps.config

  return {
    listOwnProducts: async ({ caller, query }) => {
      const list = { path: '/seller/products', name: `products of ${caller.userId}`, query, cursorSecret }
      const [beforeId] = positionOf(list) ?? []
      const found = await read(database, (connection) =>
        listProductsOf(connection, {
          sellerId: caller.userId,
          beforeId: beforeId === undefined ? undefined : String(beforeId),
          most: pageSize(list) + 1,
        }),
      )
      const { body, headers } = pageOf(list, found, { position: ({ id }) => [id], show: productView })
      return new Reply(body, { headers })
    },

    createProduct: ({ caller, idempotencyKey, body }) =>
      createProduct(deps, { sellerId: caller.userId, key: idempotencyKey, product: body }),

    changeProduct: async ({ caller, params, ifMatch, body }) => {
      const request = { sellerId: caller.userId, ...params, version: ifMatch, changes: body }
      return ownProductAnswer(productView(await changeProduct(deps, request)))
    },

    archiveProduct: async ({ caller, params }) =>
      ownProductAnswer(productView(await archiveProduct(deps, { sellerId: caller.userId, ...params }))),

    adjustStock: ({ caller, params, idempotencyKey, body }) =>
      adjustStock(deps, { sellerId: caller.userId, ...params, key: idempotencyKey, adjustment: body }),

    listStockMovements: async ({ caller, params: { productId }, query }) => {
      const path = `/products/${productId}/stock-movements`
      const list = { path, name: `movements of ${productId}`, query, cursorSecret }
      const [beforeSequence] = positionOf(list) ?? []
      const found = await read(database, async (connection) => {
        ownedBy(caller.userId, await findSeller(connection, productId))
        return listMovements(connection, {
          productId,
          beforeSequence: beforeSequence === undefined ? undefined : Number(beforeSequence),
          most: pageSize(list) + 1,
        })
      })
      const { body, headers } = pageOf(list, found, {
        position: ({ sequence }) => [sequence],
        show: movementView,
      })
      return new Reply(body, { headers })
    },

    addImage: async ({ caller, params, body }) => {
      const image = imageView(await addImage(deps, { sellerId: caller.userId, ...params, file: body }))
      return new Reply(image, { headers: { location: image.url } })
    },

    deleteImage: async ({ caller, params }) => {
      await deleteImage(deps, { sellerId: caller.userId, ...params })
      return undefined
    },
  }
}

function reserving(
  deps: Deps,
): Some<'listOffers' | 'placeReservation' | 'confirmReservation' | 'readReservation'> {
  const placeReservation = createReservations(deps)

  return {
    listOffers: async ({ query }) => {
      const productIds = [...new Set(query.productIds.split(','))]
      return { items: await read(deps.database, (connection) => listOffers(connection, productIds)) }
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
