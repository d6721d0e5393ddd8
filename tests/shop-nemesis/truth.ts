import { type Person as Account, eventually, inventory, orders } from '../journeys/world.ts'
import type { Truth } from './claims.ts'

/* What the services of the stack, which were never killed, say in the end. */

const PAGES_MAX = 50

type Page<T> = { body: { items: T[]; next: string | null } }

/** All entries of a list. */
async function all<T>(read: (cursor: { cursor?: string }) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = []
  let cursor: string | null = ''
  for (let page = 0; page < PAGES_MAX && cursor !== null; page++) {
    const { body }: Page<T> = await read(cursor === '' ? {} : { cursor })
    found.push(...body.items)
    cursor = body.next
  }
  return found
}

/** A buyer's orders, once none of them is on its way any more. */
export async function truthOfBuyer({ session }: Account): Promise<Truth> {
  const own = await eventually(
    () => all((cursor) => orders.listOrders({ session, query: { limit: '100', ...cursor } })),
    (found) => found.every(({ status }) => status !== 'PENDING'),
  )
  return {
    orders: await Promise.all(
      own.map(async ({ id: orderId, status }) => {
        const { body } = await orders.readHistory({ session, params: { orderId } })
        return { orderId, status, events: body.items.map(({ type }) => type) }
      }),
    ),
    added: [],
    sent: [],
    offered: [],
  }
}

/** What a seller has added, sent and offered. */
export async function truthOfSeller({ session }: Account, productId: string): Promise<Truth> {
  const [movements, sales, products] = await Promise.all([
    all((cursor) =>
      inventory.listStockMovements({ session, params: { productId }, query: { limit: '100', ...cursor } }),
    ),
    all((cursor) => orders.listSales({ session, query: { limit: '100', status: 'SHIPPED', ...cursor } })),
    all((cursor) => inventory.listOwnProducts({ session, query: { limit: '100', ...cursor } })),
  ])
  return {
    orders: [],
    added: movements.flatMap(({ reason, delta }) => (reason === 'RESTOCK' ? [{ productId, delta }] : [])),
    sent: sales.map(({ orderId }) => orderId),
    offered: products.flatMap(({ id, name }) => (id === productId ? [] : [{ name, productId: id }])),
  }
}
