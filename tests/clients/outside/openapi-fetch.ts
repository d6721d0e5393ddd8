import createClient, { type Middleware } from 'openapi-fetch'
import type { paths } from './generated/openapi-typescript/schema.d.ts'
import { mainLine, type Visitor } from './main-line.ts'
import { addresses, failed, PICTURE } from './outside.ts'

/* The main line by openapi-fetch, with the types that openapi-typescript makes of the document of all services. */

function newVisitor(): Visitor {
  let session = ''
  const withSession: Middleware = { onRequest: ({ request }) => request.headers.set('SESSION', session) }
  const clientOf = (baseUrl: string) => {
    const client = createClient<paths>({ baseUrl })
    client.use(withSession)
    return client
  }
  const [user, inventory, order] = [
    clientOf(addresses.user),
    clientOf(addresses.inventory),
    clientOf(addresses.order),
  ]
  return {
    signUp: async (body) => dataOf(await user.POST('/users', { body })),
    logIn: async (body) => {
      session = dataOf(await user.POST('/sessions', { body })).session
    },
    addAddress: async (body) => dataOf(await user.POST('/users/me/addresses', { body })),
    createProduct: async (body) =>
      dataOf(
        await inventory.POST('/products', {
          params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
          body,
        }),
      ),
    addPicture: async (productId, picture) =>
      dataOf(
        await inventory.POST('/products/{productId}/images', {
          params: { path: { productId } },
          // The types have a text for what is binary.
          body: { file: picture as unknown as string },
          bodySerializer: () => formWith(picture),
        }),
      ),
    readProduct: async (productId) =>
      dataOf(await inventory.GET('/products/{productId}', { params: { path: { productId } } })),
    placeOrder: async (body, key) => {
      const answer = await order.POST('/orders', { params: { header: { 'Idempotency-Key': key } }, body })
      const { error } = answer
      if (error?.code === 'out-of-stock') return { code: error.code, productIds: error.productIds ?? [] }
      return dataOf(answer)
    },
    readHistory: async (orderId) =>
      dataOf(await order.GET('/orders/{orderId}/history', { params: { path: { orderId } } })).items,
    cancelOrder: async (orderId, reason) =>
      dataOf(
        await order.POST('/orders/{orderId}/cancel', {
          params: { path: { orderId }, header: { 'Idempotency-Key': crypto.randomUUID() } },
          body: { reason },
        }),
      ),
  }
}

function formWith(file: Blob): FormData {
  const form = new FormData()
  form.set('file', file)
  return form
}

function dataOf<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (data === undefined) throw failed(response.status, error)
  return data
}

await mainLine(newVisitor, { picture: PICTURE })

/** What must not compile; it is never called. */
export async function refusedByTheCompiler(): Promise<void> {
  const client = createClient<paths>({ baseUrl: '' })
  // @ts-expect-error There is no such path.
  await client.GET('/odrers')
  const payment = { type: 'CARD' as const, cardToken: 'tok_visa_4242' }
  const body = { lines: [{ productId: '', quantity: 1 }], addressId: '', payment }
  // @ts-expect-error An order needs a key.
  await client.POST('/orders', { body })
  // @ts-expect-error A card needs its token.
  const cardless: paths['/orders']['post']['requestBody']['content']['application/json']['payment'] = {
    type: 'CARD',
  }
  const header = { 'Idempotency-Key': 'a key of sixteen characters' }
  const { data, error } = await client.POST('/orders', { params: { header }, body })
  // @ts-expect-error There is no such code.
  error?.code === 'out-of-stok'
  // @ts-expect-error An order has no price of its own.
  data?.priceMinor
  void cardless
}
