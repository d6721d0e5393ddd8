import assert from 'node:assert/strict'

/*
 * What a marketplace is for, from the first day on: a shop is opened, and somebody orders, thinks again and cancels. Each
 * client says in its own words how a visitor takes a step; the order of the steps, and what they must come to, is here
 * alone. Nothing is imported that a runtime does not have.
 */

/** A person in front of a program, who is nobody until they have signed up and logged in. */
export type Visitor = {
  signUp: (person: NewPerson) => Promise<unknown>
  /** What is done afterwards is done in that session. */
  logIn: (login: { login: string; password: string }) => Promise<unknown>
  addAddress: (address: typeof home) => Promise<{ id: string }>
  createProduct: (product: typeof kettle) => Promise<{ id: string }>
  addPicture: (productId: string, picture: Blob) => Promise<{ contentType: string }>
  readProduct: (productId: string) => Promise<{ stockCount: number; images: readonly unknown[] }>
  placeOrder: (basket: Basket, idempotencyKey: string) => Promise<Placed | Refused>
  /** What happened to the order, the first thing first. */
  readHistory: (orderId: string) => Promise<readonly { type: string }[]>
  cancelOrder: (orderId: string, reason: string) => Promise<{ status: string }>
}

type NewPerson = {
  type: 'BUYER' | 'SELLER'
  name: string
  email: string
  mobileNumber: string
  password: string
}
type Basket = {
  lines: { productId: string; quantity: number }[]
  addressId: string
  payment: { type: 'CARD'; cardToken: string }
}
type Placed = { id: string; status: string; totalMinor: number }
/** An order that was refused, which is no failure of the program. */
type Refused = { code: 'out-of-stock'; productIds: readonly string[] }

const kettle = {
  name: 'Enamel kettle',
  description: 'Holds a litre and a half.',
  category: 'kitchen',
  priceMinor: 2_900,
  currency: 'EUR',
  stockCount: 10,
}
const home = {
  kind: 'HOME' as const,
  recipient: 'Ada Lovelace',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
}

/** Slow machines take their time; a stock that never comes back is noticed all the same. */
const PATIENCE_MS = 60_000
const PAUSE_MS = 100

/**
 * Goes the main line: a seller and a buyer sign up and log in, a product is offered with a picture, ordered, ordered in
 * vain, looked up and cancelled, and its stock comes back.
 * @throws {Error} when a step comes to something else.
 */
export async function mainLine(
  newVisitor: () => Visitor,
  { picture, cardToken = 'tok_visa_4242' }: { picture: Blob; cardToken?: string },
): Promise<void> {
  const [seller, buyer] = [newVisitor(), newVisitor()]
  await join(seller, 'SELLER')
  const product = await seller.createProduct(kettle)
  const { contentType } = await seller.addPicture(product.id, picture)
  assert.equal(contentType, 'image/webp')

  await join(buyer, 'BUYER')
  const address = await buyer.addAddress(home)
  const seen = await buyer.readProduct(product.id)
  assert.deepEqual([seen.stockCount, seen.images.length], [10, 1])

  const basket = (quantity: number): Basket => ({
    lines: [{ productId: product.id, quantity }],
    addressId: address.id,
    payment: { type: 'CARD', cardToken },
  })
  const key = crypto.randomUUID()
  const order = placed(await buyer.placeOrder(basket(3), key))
  // A repetition is the same order, and the way to learn how a slow one ended.
  const settled = await until(async () => {
    const again = placed(await buyer.placeOrder(basket(3), key))
    return again.status !== 'PENDING' && again
  })
  assert.deepEqual([settled.id, settled.status, settled.totalMinor], [order.id, 'CONFIRMED', 8_700])
  assert.equal((await buyer.readProduct(product.id)).stockCount, 7)

  const refused = await buyer.placeOrder(basket(8), crypto.randomUUID())
  assert.deepEqual(refused, { code: 'out-of-stock', productIds: [product.id] })

  const cancelled = await buyer.cancelOrder(order.id, 'Changed my mind')
  assert.equal(cancelled.status, 'CANCELLED')
  await until(async () => (await buyer.readProduct(product.id)).stockCount === 10)
  const types = await until(async () => {
    const all = (await buyer.readHistory(order.id)).map(({ type }) => type)
    return all.includes('STOCK_RESTORED') && all
  })
  assert.deepEqual(
    types.filter((type) => ['PLACED', 'CONFIRMED', 'CANCELLED', 'STOCK_RESTORED'].includes(type)),
    ['PLACED', 'CONFIRMED', 'CANCELLED', 'STOCK_RESTORED'],
  )
}

/** Signs somebody up whom nobody else is, and logs them in. */
async function join(visitor: Visitor, type: NewPerson['type']): Promise<void> {
  const unique = crypto.randomUUID()
  const digits = String(BigInt(`0x${unique.replaceAll('-', '')}`)).slice(-11)
  const email = `${unique}@example.com`
  const password = `a quiet ${unique}`
  await visitor.signUp({ type, name: 'Ada Lovelace', email, mobileNumber: `+49${digits}`, password })
  await visitor.logIn({ login: email, password })
}

function placed(answer: Placed | Refused): Placed {
  if ('code' in answer) throw new Error(`The order was refused: ${answer.code}`)
  return answer
}

async function until<T>(look: () => Promise<T | false>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const found = await look()
    if (found !== false) return found
    if (Date.now() > deadline) throw new Error(`It did not come about: ${look}`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}
