import type { inventoryApi } from '@bazaar/shared/api/inventory'
import { read } from '@bazaar/shared/database/database'
import type { Handlers } from '@bazaar/shared/http/handler'
import { Reply } from '@bazaar/shared/reply'
import { addImage, deleteImage } from './add-image.ts'
import { adjustStock } from './adjust-stock.ts'
import { archiveProduct, changeProduct, relistProduct } from './change-product.ts'
import { createProduct } from './create-product.ts'
import type { Deps } from './deps.ts'
import { orderImages } from './order-images.ts'
import { pageOf, pageSize, positionOf } from './pages.ts'
import { ownedBy } from './product.ts'
import { findSeller, listProductsOf } from './product-store.ts'
import { ownProductAnswer } from './public-answer.ts'
import { listMovements } from './stock-store.ts'
import { imageView, movementView, productView } from './views.ts'

type Operations = Handlers<typeof inventoryApi>

/** What answers the operations of sellers on their own products. */
export function sellerRoutes(deps: Deps) {
  return { ...changes(deps), ...lists(deps) }
}

function changes(
  deps: Deps,
): Pick<
  Operations,
  | 'createProduct'
  | 'changeProduct'
  | 'archiveProduct'
  | 'relistProduct'
  | 'adjustStock'
  | 'addImage'
  | 'orderImages'
  | 'deleteImage'
> {
  return {
    createProduct: ({ caller, idempotencyKey, body }) =>
      createProduct(deps, { sellerId: caller.userId, key: idempotencyKey, product: body }),

    changeProduct: async ({ caller, params, ifMatch, body }) => {
      const request = { sellerId: caller.userId, ...params, ifMatch, changes: body }
      return ownProductAnswer(productView(await changeProduct(deps, request)))
    },

    archiveProduct: async ({ caller, params, ifMatch }) => {
      const move = { sellerId: caller.userId, ...params, ifMatch }
      return ownProductAnswer(productView(await archiveProduct(deps, move)))
    },

    relistProduct: async ({ caller, params, ifMatch }) => {
      const move = { sellerId: caller.userId, ...params, ifMatch }
      return ownProductAnswer(productView(await relistProduct(deps, move)))
    },

    adjustStock: ({ caller, params, idempotencyKey, body }) =>
      adjustStock(deps, { sellerId: caller.userId, ...params, key: idempotencyKey, adjustment: body }),

    addImage: async ({ caller, params, body }) => {
      const image = imageView(await addImage(deps, { sellerId: caller.userId, ...params, file: body }))
      return new Reply(image, { headers: { location: image.url } })
    },

    orderImages: async ({ caller, params, body }) => {
      const ordered = await orderImages(deps, { sellerId: caller.userId, ...params, ...body })
      return { items: ordered.map(imageView) }
    },

    deleteImage: async ({ caller, params }) => {
      await deleteImage(deps, { sellerId: caller.userId, ...params })
      return undefined
    },
  }
}

function lists({ database, config }: Deps): Pick<Operations, 'listOwnProducts' | 'listStockMovements'> {
  const { cursorSecret } = config
  return {
    listOwnProducts: async ({ caller: { userId: sellerId }, query }) => {
      const list = { path: '/seller/products', name: `products of ${sellerId}`, query, cursorSecret }
      const position = positionOf(list)
      const found = await read(database, (connection) =>
        listProductsOf(connection, {
          sellerId,
          beforeId: position && String(position[0]),
          most: pageSize(list) + 1,
        }),
      )
      const { body, headers } = pageOf(list, found, { position: ({ id }) => [id], show: productView })
      return new Reply(body, { headers })
    },

    listStockMovements: async ({ caller, params: { productId }, query }) => {
      const path = `/products/${productId}/stock-movements`
      const list = { path, name: `movements of ${productId}`, query, cursorSecret }
      const found = await read(database, async (connection) => {
        ownedBy(caller.userId, await findSeller(connection, productId))
        const position = positionOf(list)
        return listMovements(connection, {
          productId,
          beforeSequence: position && Number(position[0]),
          most: pageSize(list) + 1,
        })
      })
      const { body, headers } = pageOf(list, found, {
        position: ({ sequence }) => [sequence],
        show: movementView,
      })
      return new Reply(body, { headers })
    },
  }
}
