import { randomInt, randomUUID } from 'node:crypto'

/** A request of a collection, as a person fills it in who goes the main line. */
export type Step = {
  /** The operation, by its name in the documents. */
  operation: string
  /** Whose session is sent: the variable that has it. */
  session?: 'sellerSession' | 'buyerSession'
  /** What is changed in the example of the body. `{{name}}` is what was kept under it. */
  body?: Record<string, unknown>
  idempotencyKey?: string
  status: number
  /** What must hold of the answer, in JavaScript that knows `body` and `kept(name)`. */
  holds?: string
  /** Is sent again until that holds: what it asks for comes about later. */
  isAwaited?: true
  /** What is kept of the answer, by the name under which it is. */
  keeps?: Record<string, string>
}

/** The main line for people whom nobody else is: the examples of the documents, with the values that only they know. */
export function mainLineSteps(): Step[] {
  const [seller, buyer] = [newLogin(), newLogin()]
  const [offer, placing, cancelling] = [randomUUID(), randomUUID(), randomUUID()]
  const place: Step = {
    operation: 'placeOrder',
    session: 'buyerSession',
    idempotencyKey: placing,
    body: { lines: [{ productId: '{{productId}}', quantity: 1 }], addressId: '{{addressId}}' },
    status: 201,
  }
  const signUp = (type: string, { login, password }: typeof seller): Step => ({
    operation: 'signUp',
    body: { type, email: login, mobileNumber: `+49${randomInt(10 ** 10, 10 ** 11)}`, password },
    status: 201,
    holds: `body.type === '${type}'`,
  })
  return [
    signUp('SELLER', seller),
    { operation: 'logIn', body: seller, status: 201, keeps: { sellerSession: 'session' } },
    {
      operation: 'createProduct',
      session: 'sellerSession',
      idempotencyKey: offer,
      status: 201,
      keeps: { productId: 'id', stockCount: 'stockCount' },
    },
    {
      operation: 'addImage',
      session: 'sellerSession',
      status: 201,
      holds: "body.contentType === 'image/webp'",
    },
    signUp('BUYER', buyer),
    { operation: 'logIn', body: buyer, status: 201, keeps: { buyerSession: 'session' } },
    { operation: 'addAddress', session: 'buyerSession', status: 201, keeps: { addressId: 'id' } },
    { ...place, keeps: { orderId: 'id' } },
    { ...place, holds: "body.id === kept('orderId') && body.status === 'CONFIRMED'", isAwaited: true },
    {
      operation: 'readProduct',
      status: 200,
      holds: "body.stockCount === kept('stockCount') - 1 && body.images.length === 1",
    },
    {
      operation: 'readHistory',
      session: 'buyerSession',
      status: 200,
      holds: "body.items[0].type === 'PLACED' && body.items.some(({ type }) => type === 'CONFIRMED')",
    },
    {
      operation: 'cancelOrder',
      session: 'buyerSession',
      idempotencyKey: cancelling,
      status: 200,
      holds: "body.status === 'CANCELLED'",
    },
    {
      operation: 'readProduct',
      status: 200,
      holds: "body.stockCount === kept('stockCount')",
      isAwaited: true,
    },
  ]
}

function newLogin() {
  return { login: `${randomUUID()}@example.com`, password: `a quiet ${randomUUID()}` }
}

const ATTEMPTS_MAX = 120
/** How far apart what comes about later is asked for. */
export const PAUSE_MS = 500

/** How the scripts of a tool are written. */
export type Dialect = {
  /** What defines `status`, `body`, `keep()`, `kept()`, `test()` and `expect()`. */
  words: string
  /** The statement that makes a pause and sends the request again. */
  again: string
}

/** The script behind a step: it checks the answer and keeps of it what later steps name. */
export function scriptOf(step: Step, index: number, { words, again }: Dialect): string {
  const { operation, status, holds = 'true', isAwaited = false, keeps = {} } = step
  return `${words}
const holds = () => ${holds}
const attempts = Number(kept('attempts${index}') || 0) + 1
keep('attempts${index}', attempts)
if (${isAwaited} && attempts < ${ATTEMPTS_MAX} && status < 300 && !holds()) {
  ${again}
} else {
  test('${operation} answers ${status}: ' + status + ' ' + body.code, () => expect(status).to.equal(${status}))
  test(${JSON.stringify(holds)}, () => expect(holds()).to.equal(true))
  for (const [name, member] of Object.entries(${JSON.stringify(keeps)})) keep(name, body[member])
}
`
}
