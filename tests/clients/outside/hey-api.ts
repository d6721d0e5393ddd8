import { createClient } from './generated/hey-api/client'
import {
  addAddress,
  addImage,
  cancelOrder,
  createProduct,
  logIn,
  placeOrder,
  readHistory,
  readProduct,
  signUp,
} from './generated/hey-api/index.ts'
import type { PlaceOrderData, PlaceOrderErrors } from './generated/hey-api/types.gen.ts'
import { mainLine, type Visitor } from './main-line.ts'
import { addresses, failed, PICTURE } from './outside.ts'

/* The main line by the functions that @hey-api/openapi-ts makes of the document of all services. */

function newVisitor(): Visitor {
  let session = ''
  const auth = () => session
  const user = createClient({ baseUrl: addresses.user, auth })
  const inventory = createClient({ baseUrl: addresses.inventory, auth })
  const order = createClient({ baseUrl: addresses.order, auth })
  const newKey = () => ({ 'Idempotency-Key': crypto.randomUUID() })
  return {
    signUp: async (body) => dataOf(await signUp({ client: user, body })),
    logIn: async (body) => {
      session = dataOf(await logIn({ client: user, body })).session
    },
    addAddress: async (body) => dataOf(await addAddress({ client: user, body })),
    createProduct: async (body) =>
      dataOf(await createProduct({ client: inventory, headers: newKey(), body })),
    addPicture: async (productId, file) =>
      dataOf(await addImage({ client: inventory, path: { productId }, body: { file } })),
    readProduct: async (productId) => dataOf(await readProduct({ client: inventory, path: { productId } })),
    placeOrder: async (body, key) => {
      const answer = await placeOrder({ client: order, headers: { 'Idempotency-Key': key }, body })
      const { error } = answer
      if (error?.code === 'out-of-stock') return { code: error.code, productIds: error.productIds ?? [] }
      return dataOf(answer)
    },
    readHistory: async (orderId) => dataOf(await readHistory({ client: order, path: { orderId } })).items,
    cancelOrder: async (orderId, reason) =>
      dataOf(await cancelOrder({ client: order, path: { orderId }, headers: newKey(), body: { reason } })),
  }
}

function dataOf<T>({ data, error, response }: { data?: T; error?: unknown; response?: Response }): T {
  if (data === undefined) throw failed(response?.status, error)
  return data
}

await mainLine(newVisitor, { picture: PICTURE })

/** What must not compile; it is never called. */
export async function refusedByTheCompiler(): Promise<void> {
  const payment = { type: 'CARD' as const, cardToken: 'tok_visa_4242' }
  const body = { lines: [{ productId: '', quantity: 1 }], addressId: '', payment }
  // @ts-expect-error An order needs a key.
  await placeOrder({ body })
  // @ts-expect-error A card needs its token.
  const cardless: PlaceOrderData['body']['payment'] = { type: 'CARD' }
  const code: PlaceOrderErrors[409]['code'] = 'out-of-stock'
  // @ts-expect-error There is no such code.
  code === 'out-of-stok'
  void cardless
}
