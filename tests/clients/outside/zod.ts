import type { z } from 'zod'
import * as schemas from './generated/zod/bazaar.ts'
import { mainLine, type Visitor } from './main-line.ts'
import { addresses, failed, PICTURE } from './outside.ts'

/*
 * The main line by `fetch`, with the Zod schemas that orval makes of the document of all services: what is sent fits them
 * before it is sent, and what is answered before it is used.
 */

const { user, inventory, order } = addresses

type Answer = { status: number; body: unknown }
type Sent = { method?: string; session?: string; key?: string; body?: BodyInit }

async function ask(url: string, { method = 'GET', session, key, body }: Sent): Promise<Answer> {
  const headers = new Headers()
  if (session) headers.set('SESSION', session)
  if (key) headers.set('Idempotency-Key', key)
  if (typeof body === 'string') headers.set('Content-Type', 'application/json')
  const answer = await fetch(url, { method, headers, ...(body ? { body } : {}) })
  return { status: answer.status, body: await answer.json() }
}

/** The answer, if it has that status, as its schema says. */
function succeeded<S extends z.ZodType>({ status, body }: Answer, expected: number, schema: S): z.output<S> {
  if (status !== expected) throw failed(status, body)
  return schema.parse(body)
}

function newVisitor(): Visitor {
  let session = ''
  const post = (url: string, body: unknown, key?: string) =>
    ask(url, { method: 'POST', session, ...(key ? { key } : {}), body: JSON.stringify(body) })
  const newKey = () => crypto.randomUUID()
  return {
    signUp: async (person) =>
      succeeded(
        await post(`${user}/users`, schemas.SignUpBody.parse(person)),
        201,
        schemas.SignUp201Response,
      ),
    logIn: async (login) => {
      const answer = await post(`${user}/sessions`, schemas.LogInBody.parse(login))
      session = succeeded(answer, 201, schemas.LogIn201Response).session
    },
    addAddress: async (address) => {
      const answer = await post(`${user}/users/me/addresses`, schemas.AddAddressBody.parse(address))
      return succeeded(answer, 201, schemas.AddAddress201Response)
    },
    createProduct: async (product) => {
      const body = schemas.CreateProductBody.parse(product)
      return succeeded(
        await post(`${inventory}/products`, body, newKey()),
        201,
        schemas.CreateProduct201Response,
      )
    },
    addPicture: async (productId, picture) => {
      const { file } = schemas.AddImageBody.parse({ file: new File([picture], 'kettle.webp') })
      const body = new FormData()
      body.set('file', file)
      const url = `${inventory}/products/${productId}/images`
      return succeeded(await ask(url, { method: 'POST', session, body }), 201, schemas.AddImage201Response)
    },
    readProduct: async (productId) =>
      succeeded(await ask(`${inventory}/products/${productId}`, {}), 200, schemas.ReadProduct200Response),
    placeOrder: async (basket, key) => {
      const answer = await post(`${order}/orders`, schemas.PlaceOrderBody.parse(basket), key)
      if (answer.status === 409) {
        const { code, productIds = [] } = schemas.PlaceOrder409Response.parse(answer.body)
        if (code === 'out-of-stock') return { code, productIds }
      }
      if (answer.status === 202) return schemas.PlaceOrder202Response.parse(answer.body)
      return succeeded(answer, 201, schemas.PlaceOrder201Response)
    },
    readHistory: async (orderId) => {
      const answer = await ask(`${order}/orders/${orderId}/history`, { session })
      return succeeded(answer, 200, schemas.ReadHistory200Response).items
    },
    cancelOrder: async (orderId, reason) => {
      const body = schemas.CancelOrderBody.parse({ reason })
      const answer = await post(`${order}/orders/${orderId}/cancel`, body, newKey())
      return succeeded(answer, 200, schemas.CancelOrder200Response)
    },
  }
}

await mainLine(newVisitor, { picture: PICTURE })

/** What must not compile; it is never called. */
export function refusedByTheCompiler(): void {
  const { code, productIds } = schemas.PlaceOrder409Response.parse({})
  // @ts-expect-error There is no such code.
  code === 'out-of-stok'
  // @ts-expect-error They are texts.
  productIds?.map((id) => id.toFixed())
  // @ts-expect-error A card needs its token.
  const cardless: z.input<typeof schemas.PlaceOrderBody>['payment'] = { type: 'CARD' }
  void cardless
}
