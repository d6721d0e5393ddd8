import { newId } from '@bazaar/shared/database/columns'
import { type Random, zipf } from '../random.ts'
import { type Actor, type Person, settle } from './actor.ts'
import { memberOf } from './client.ts'

/** Something on offer. */
export type Product = { id: string; seller: Person; priceMinor: number; stockCount: number }

/** An order as its buyer and the sellers know it from what they were told. */
export type KnownOrder = {
  id: string
  buyer: Person
  lines: { productId: string; quantity: number }[]
  sellers: Person[]
}

/** All that is on offer, and the orders of late. */
export type Market = {
  products: Product[]
  sellers: Person[]
  /** One of the products: a few are wanted by everybody. */
  choose: (random: Random) => Product
  /** Confirmed of late, to be sent. */
  confirmed: KnownOrder[]
  /** Sent of late, to arrive. */
  sent: { order: KnownOrder; seller: Person }[]
}

const PRODUCTS = 40
/** Every fifth product has so few that it runs out and comes back; the hot one must last for the whole run. */
const STOCK = { plenty: 500_000, scarce: 25 }
const RECENT_MAX = 200

/** Has the sellers offer everything. */
export async function openMarket(actor: Actor, sellers: Person[]): Promise<Market> {
  const products: Product[] = []
  for (let index = 0; index < PRODUCTS; index++) {
    const seller = sellers[index % sellers.length]
    if (!seller) throw new Error('A market needs a seller')
    const stockCount = index % 5 === 4 ? STOCK.scarce : STOCK.plenty
    products.push(await offer(actor, { seller, priceMinor: 100 + index * 37, stockCount }))
  }
  const draw = zipf(products.length)
  return {
    products,
    sellers,
    confirmed: [],
    sent: [],
    choose(random) {
      const product = products[draw(random)]
      if (!product) throw new Error('drawn past the end')
      return product
    },
  }
}

async function offer(actor: Actor, product: Omit<Product, 'id'>): Promise<Product> {
  const { seller, priceMinor, stockCount } = product
  const key = newId()
  const answer = await settle(actor, {
    f: 'offer',
    key,
    value: { as: seller.userId, stockCount },
    by: seller,
    again: true,
    call: () => ({
      service: 'inventory',
      method: 'POST',
      path: '/products',
      session: seller.session,
      idempotencyKey: key,
      body: {
        name: `Cup ${priceMinor}`,
        description: 'Thrown by hand.',
        category: 'kitchen',
        currency: 'EUR',
        priceMinor,
        stockCount,
      },
    }),
    facts: (body) => ({ productId: memberOf(body, 'id'), sellerId: memberOf(body, 'sellerId') }),
  })
  const id = memberOf(answer.body, 'id')
  if (id === undefined) throw new Error(`A product could not be offered: ${answer.status}`)
  return { id, ...product }
}

/** Remembers something of late, and forgets what is older. */
export function remember<T>(recent: T[], item: T): void {
  recent.push(item)
  if (recent.length > RECENT_MAX) recent.shift()
}

/** Takes one of the items out. */
export function take<T>(random: Random, items: T[]): T | undefined {
  return items.splice(random.between(0, Math.max(0, items.length - 1)), 1)[0]
}
