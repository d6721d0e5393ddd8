// What a shop and its buyer do from the first day on, as a program of somebody else's that has installed the client.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { createBazaar, newKey } from '@bazaar/client'

const baseUrls = {
  user: process.env.BAZAAR_USER_URL,
  inventory: process.env.BAZAAR_INVENTORY_URL,
  order: process.env.BAZAAR_ORDER_URL,
}

async function newPerson(type) {
  const bazaar = createBazaar({ baseUrls })
  const name = newKey()
  const login = { email: `${name}@example.com`, password: `a quiet ${name}` }
  const digits = String(BigInt(`0x${name}`))
    .slice(0, 12)
    .padEnd(12, '7')
  await bazaar.user.signUp({ type, name: 'Ada Lovelace', mobileNumber: `+1${digits}`, ...login })
  await bazaar.user.logIn({ login: login.email, password: login.password })
  return bazaar
}

const seller = await newPerson('SELLER')
const { body: product } = await seller.inventory.createProduct({
  name: 'Enamel kettle',
  description: 'Holds a litre and a half.',
  category: 'kitchen',
  priceMinor: 2_900,
  currency: 'EUR',
  stockCount: 10,
})
const progress = []
await seller.inventory.addImage(
  { productId: product.id, image: await readFile('kettle.webp') },
  { onProgress: ({ sentBytes, totalBytes }) => progress.push(sentBytes / totalBytes) },
)
assert.equal(progress.at(-1), 1)
assert.deepEqual(
  progress,
  progress.toSorted((one, other) => one - other),
)

const buyer = await newPerson('BUYER')
const { body: address } = await buyer.user.addAddress({
  kind: 'HOME',
  recipient: 'Ada Lovelace',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
})
const { body: found } = await buyer.inventory.readProduct({ productId: product.id })
const picture = await fetch(buyer.imageUrl(found.imageUrl))
assert.equal(picture.headers.get('content-type'), 'image/webp')
await picture.body.cancel()

const { body: order } = await buyer.order.placeOrder(
  {
    lines: [{ productId: product.id, quantity: 3 }],
    addressId: address.id,
    payment: { type: 'CARD', cardToken: 'tok_timeout_0044' },
  },
  { settleWithinMs: 60_000 },
)
assert.equal(order.status, 'CONFIRMED')
assert.equal(await stock(), 7)

const { body: cancelled } = await buyer.order.cancelOrder({ orderId: order.id, reason: 'Changed my mind' })
assert.equal(cancelled.status, 'CANCELLED')
await until(async () => (await stock()) === 10)
await until(async () => {
  const types = []
  for await (const event of buyer.order.readHistory.each({ orderId: order.id, limit: 2 }))
    types.push(event.type)
  assert.deepEqual(
    [types[0], types.includes('CONFIRMED'), types.includes('CANCELLED')],
    ['PLACED', true, true],
  )
  return types.includes('STOCK_RESTORED')
})
await buyer.user.logOut()
await assert.rejects(buyer.order.listOrders(), ({ problem }) => problem.code === 'unauthenticated')
process.stdout.write('done\n')

async function stock() {
  return (await buyer.inventory.readProduct({ productId: product.id })).body.stockCount
}

async function until(check) {
  const deadline = Date.now() + 40_000
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`It did not come about: ${check}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
