import { newId } from '@bazaar/shared/database/columns'
import { type Actor, settle } from './actor.ts'
import { memberOf } from './client.ts'
import { type Market, remember, take } from './market.ts'

/** A seller sends their part of an order of late, which its buyer may just be cancelling, or it arrives. */
export async function moveSale(actor: Actor, market: Market): Promise<void> {
  const arrived = actor.random.chance(0.4) ? take(actor.random, market.sent) : undefined
  const order = arrived?.order ?? latest(actor, market)
  if (!order) return
  const seller = arrived?.seller ?? actor.random.pick(order.sellers)
  const f = arrived ? 'deliver' : 'ship'
  const answer = await settle(actor, {
    f,
    key: `${f}-${newId()}`,
    value: { as: seller.userId, orderId: order.id },
    by: seller,
    again: actor.random.chance(0.1),
    call: () => ({
      service: 'order',
      method: 'POST',
      path: `/sales/${order.id}/${arrived ? 'delivery' : 'shipment'}`,
      session: seller.session,
      ...(arrived ? {} : { body: {} }),
    }),
    facts: (body) => ({ orderId: memberOf(body, 'orderId'), partStatus: memberOf(body, 'status') }),
  })
  if (f === 'ship' && answer.outcome === 'ok') remember(market.sent, { order, seller })
}

/** Half of the time the very latest, so that cancelling and sending meet. */
function latest(actor: Actor, market: Market) {
  return actor.random.chance(0.5) ? market.confirmed.at(-1) : take(actor.random, market.confirmed)
}

/** A seller puts stock in, or takes some out. */
export async function adjustStock(actor: Actor, market: Market): Promise<void> {
  const { random } = actor
  const scarce = market.products.filter(({ stockCount }) => stockCount < 100)
  const product = random.chance(0.6) ? random.pick(scarce) : market.choose(random)
  const { seller } = product
  const more = random.chance(0.75)
  const delta = more ? random.between(1, 20) : -random.between(1, 5)
  const key = newId()
  await settle(actor, {
    f: 'adjust',
    key,
    value: { as: seller.userId, productId: product.id, delta },
    by: seller,
    twice: random.chance(0.1),
    again: random.chance(0.2),
    call: () => ({
      service: 'inventory',
      method: 'POST',
      path: `/products/${product.id}/stock-adjustments`,
      session: seller.session,
      idempotencyKey: key,
      body: { delta, reason: more ? 'RESTOCK' : 'LOSS' },
    }),
    facts: (body) => ({ at: memberOf(body, 'at'), stockAfter: Reflect.get(Object(body), 'stockAfter') }),
  })
}
