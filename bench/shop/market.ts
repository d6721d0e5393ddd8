import { randomBytes, randomInt } from 'node:crypto'
import { createBazaar, newKey } from '@bazaar/client'

type Urls = { user: string; inventory: string; order: string }

/** The pages to measure, and the cookies with which they are asked for. */
export async function openMarket(baseUrls: Urls, shop: string) {
  const products = (await createBazaar({ baseUrls }).inventory.listProducts({ limit: 3, inStock: true })).body
    .items
  const [product] = products
  if (!product) throw new Error('There are no demo products')
  const buyer = await person(baseUrls, 'BUYER')
  const seller = await person(baseUrls, 'SELLER')
  const { body: address } = await buyer.bazaar.user.addAddress(ADDRESS)
  const order = async () =>
    await buyer.bazaar.order.placeOrder(
      {
        lines: [{ productId: product.id, quantity: 1 }],
        addressId: address.id,
        payment: { type: 'CARD', cardToken: 'tok_visa_4242' },
      },
      { idempotencyKey: newKey() },
    )
  const { body: placed } = await order()
  const { body: own } = await seller.bazaar.inventory.createProduct(
    {
      name: 'Kettle',
      description: 'Whistles.',
      category: 'kitchen',
      priceMinor: 500,
      currency: 'EUR',
      stockCount: 5,
    },
    { idempotencyKey: newKey() },
  )
  const basket = await fillBasket(shop, product.id)
  const [asBuyer, asSeller] = [`session=BUYER.${buyer.session}`, `session=SELLER.${seller.session}`]
  return [
    { name: 'home', path: '/', cookie: '' },
    { name: 'search', path: '/search?q=lamp', cookie: '' },
    { name: 'product', path: `/products/${product.id}`, cookie: '' },
    { name: 'seller', path: `/sellers/${product.sellerId}`, cookie: '' },
    { name: 'basket', path: '/basket', cookie: basket },
    { name: 'checkout', path: '/checkout', cookie: `${basket}; ${asBuyer}` },
    { name: 'orders', path: '/orders', cookie: asBuyer },
    { name: 'order', path: `/orders/${placed.id}`, cookie: asBuyer },
    { name: 'account', path: '/account', cookie: asBuyer },
    { name: 'desk', path: '/desk', cookie: asSeller },
    { name: 'own product', path: `/desk/products/${own.id}`, cookie: asSeller },
    { name: 'sales', path: '/desk/sales', cookie: asSeller },
  ]
}

const ADDRESS = {
  kind: 'HOME',
  recipient: 'Ada Lovelace',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
} as const

/** Somebody new who is logged in. */
async function person(baseUrls: Urls, type: 'BUYER' | 'SELLER') {
  let session: string | undefined
  const kept = {
    load: () => session,
    save: (key: string | undefined) => {
      session = key
    },
  }
  const bazaar = createBazaar({ baseUrls, session: kept })
  const unique = randomBytes(8).toString('hex')
  const details = { email: `${unique}@example.com`, password: `a quiet ${unique}` }
  const mobileNumber = `+49${randomInt(10 ** 11, 10 ** 12)}`
  await bazaar.user.signUp({ type, name: 'Ada Lovelace', mobileNumber, ...details })
  const { body } = await bazaar.user.logIn({ login: details.email, password: details.password })
  return { bazaar, session: body.session }
}

/** Puts a product into a basket through the page, as the basket is signed; answers the cookies. */
async function fillBasket(shop: string, productId: string): Promise<string> {
  const page = await fetch(`${shop}/products/${productId}`)
  const token = /name="token" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const cookies = (answer: Response) => answer.headers.getSetCookie().map((one) => one.split(';')[0] ?? '')
  const visitor = cookies(page)
  const added = await fetch(`${shop}/basket/add`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: visitor.join('; '), 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ token, productId, quantity: '1' }),
  })
  if (added.status !== 303) throw new Error(`The basket answered ${added.status}`)
  return [...visitor, ...cookies(added).filter((one) => !one.startsWith('notice='))].join('; ')
}
