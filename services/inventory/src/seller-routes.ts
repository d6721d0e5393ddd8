import { inventoryApi } from '@bazaar/shared/api/inventory'
import { read } from '@bazaar/shared/database/database'
import { lastIdOf, lastPositionOf, mostOf, pageOf } from '@bazaar/shared/http/pages'
import { hooksOf } from '@bazaar/shared/http/routes/hooks'
import { operations } from '@bazaar/shared/http/routes/operations'
import { send } from '@bazaar/shared/http/send'
import { Elysia } from 'elysia'
import { archiveProduct, changeProduct, relistProduct } from './catalogue/change-product.ts'
import { createProduct } from './catalogue/create-product.ts'
import { ownedBy } from './catalogue/product.ts'
import { findSeller, listProductsOf } from './catalogue/product-store.ts'
import { ownProductAnswer } from './catalogue/public-answer.ts'
import type { Deps } from './deps.ts'
import { addImage, deleteImage } from './pictures/add-image.ts'
import { describeImage } from './pictures/describe-image.ts'
import { orderImages } from './pictures/order-images.ts'
import { stopSelling } from './sellers/stop-selling.ts'
import { adjustStock } from './stock/adjust-stock.ts'
import { listMovements } from './stock/stock-store.ts'
import { imageView, movementView, productView } from './views.ts'

/** The operations of sellers on their own products; `onChange` is called after each change, before its answer. */
export function sellerRoutes(deps: Deps, { onChange }: { onChange: () => void }) {
  return new Elysia()
    .onAfterHandle(({ request }) => {
      if (request.method !== 'GET') onChange()
    })
    .use(productRoutes(deps))
    .use(stockRoutes(deps))
    .use(imageRoutes(deps))
}

function productRoutes(deps: Deps) {
  const inventory = hooksOf(inventoryApi)
  return new Elysia()
    .use(operations)
    .get(
      '/seller/products',
      async ({ caller, query, set }) =>
        send(set, await listOwnProducts(deps, { sellerId: caller.userId, query })),
      inventory.listOwnProducts,
    )
    .post(
      '/products',
      async ({ caller, key, body, set }) =>
        send(set, await createProduct(deps, { seller: caller, key, product: body })),
      inventory.createProduct,
    )
    .patch(
      '/products/:productId',
      async ({ caller, params, ifMatch, body, set }) => {
        const change = { sellerId: caller.userId, ...params, ifMatch, changes: body }
        return send(set, ownProductAnswer(productView(await changeProduct(deps, change))))
      },
      inventory.changeProduct,
    )
    .post(
      '/products/:productId/archive',
      async ({ caller, params, ifMatch, set }) => {
        const move = { seller: caller, ...params, ifMatch }
        return send(set, ownProductAnswer(productView(await archiveProduct(deps, move))))
      },
      inventory.archiveProduct,
    )
    .post(
      '/products/:productId/relist',
      async ({ caller, params, ifMatch, set }) => {
        const move = { seller: caller, ...params, ifMatch }
        return send(set, ownProductAnswer(productView(await relistProduct(deps, move))))
      },
      inventory.relistProduct,
    )
    .post('/seller/stop', ({ caller }) => stopSelling(deps, caller), inventory.stopSelling)
}

function stockRoutes(deps: Deps) {
  const inventory = hooksOf(inventoryApi)
  return new Elysia()
    .use(operations)
    .post(
      '/products/:productId/stock-adjustments',
      async ({ caller, params, key, body, set }) => {
        const request = { sellerId: caller.userId, ...params, key, adjustment: body }
        return send(set, await adjustStock(deps, request))
      },
      inventory.adjustStock,
    )
    .get(
      '/products/:productId/stock-movements',
      async ({ caller, params, query, set }) =>
        send(set, await listStockMovements(deps, { sellerId: caller.userId, ...params, query })),
      inventory.listStockMovements,
    )
}

function imageRoutes(deps: Deps) {
  const inventory = hooksOf(inventoryApi)
  return new Elysia()
    .use(operations)
    .post(
      '/products/:productId/images',
      async ({ caller, params, body, set }) => {
        const image = imageView(await addImage(deps, { sellerId: caller.userId, ...params, ...body }))
        set.headers.location = image.url
        return image
      },
      inventory.addImage,
    )
    .put(
      '/products/:productId/images',
      async ({ caller, params, body }) => {
        const ordered = await orderImages(deps, { sellerId: caller.userId, ...params, ...body })
        return { items: ordered.map(imageView) }
      },
      inventory.orderImages,
    )
    .patch(
      '/products/:productId/images/:imageId',
      async ({ caller, params, body }) => {
        const altText = body.altText || null
        return imageView(await describeImage(deps, { sellerId: caller.userId, ...params, altText }))
      },
      inventory.describeImage,
    )
    .delete(
      '/products/:productId/images/:imageId',
      ({ caller, params }) => deleteImage(deps, { sellerId: caller.userId, ...params }),
      inventory.deleteImage,
    )
}

type PageQuery = { limit?: string; cursor?: string }

async function listOwnProducts(
  { database, config }: Deps,
  { sellerId, query }: { sellerId: string; query: PageQuery },
) {
  const { cursorSecret } = config
  const list = { path: '/seller/products', filters: { sellerId }, query, cursorSecret }
  const page = { sellerId, beforeId: lastIdOf(list), most: mostOf(list) }
  const found = await read(database, (connection) => listProductsOf(connection, page))
  return pageOf(list, found, { position: ({ id }) => [id], show: productView })
}

async function listStockMovements(
  { database, config }: Deps,
  { sellerId, productId, query }: { sellerId: string; productId: string; query: PageQuery },
) {
  const path = `/products/${productId}/stock-movements`
  const list = { path, query, cursorSecret: config.cursorSecret }
  const found = await read(database, async (connection) => {
    ownedBy(sellerId, await findSeller(connection, productId))
    const position = lastPositionOf(list)
    return listMovements(connection, {
      productId,
      beforeSequence: position && Number(position[0]),
      most: mostOf(list),
    })
  })
  return pageOf(list, found, { position: ({ sequence }) => [sequence], show: movementView })
}
