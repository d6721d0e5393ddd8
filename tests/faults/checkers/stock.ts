import {
  type Evidence,
  groupBy,
  linesOf,
  operationsOf,
  startFinding,
  sumOf,
  type Verdict,
} from './evidence.ts'

const DEAD = ['CANCELLED', 'REJECTED']

/**
 * C5, nothing oversold (I10): of no product more is sold, to clients who were told so, than its seller was told
 * to have put in; and nothing is missing either: what is not sold can be ordered. Each change of stock that a
 * seller was told of is in the ledger, once, and none that was refused (I24).
 */
export function checkStock({ history, rows }: Evidence): Verdict {
  const operations = operationsOf(history)
  const offers = operations.filter(({ f, outcome }) => f === 'offer' && outcome === 'ok')
  const counts = { products: offers.length, adjustments: 0, unknown: 0 }
  const finder = startFinding(
    () => counts,
    () => offers.length === 0,
  )
  const orders = new Map(rows.orders.map((order) => [order.id, order]))
  const told = new Set(
    operations.flatMap(({ f, outcome, answer }) =>
      f === 'place' && outcome === 'ok' ? [String(answer['orderId'])] : [],
    ),
  )
  const lines = groupBy(rows.orderLines, (line) => line.productId)
  const stock = new Map(rows.stock.map((row) => [row.productId, row.stockCount]))
  const adjustments = groupBy(
    operations.filter(({ f }) => f === 'adjust'),
    ({ asked }) => String(asked['productId']),
  )
  const ledger = groupBy(
    rows.movements.filter(({ reason }) => ['RESTOCK', 'CORRECTION', 'LOSS'].includes(reason)),
    (movement) => movement.productId,
  )

  for (const { answer, asked } of offers) {
    const productId = String(answer['productId'])
    const live = (lines.get(productId) ?? []).filter(
      ({ orderId }) => !DEAD.includes(orders.get(orderId)?.status ?? 'REJECTED'),
    )
    const units = (which: typeof live) => sumOf(which, (line) => line.quantity - line.cancelledQuantity)
    const sold = units(live.filter(({ orderId }) => told.has(orderId)))
    const wanted = adjustments.get(productId) ?? []
    const done = wanted.filter(({ outcome }) => outcome === 'ok')
    const open = wanted.filter(({ outcome }) => outcome === 'info')
    counts.adjustments += done.length
    counts.unknown += open.length
    const deltas = (which: typeof wanted, sign: 1 | -1) =>
      sumOf(which, ({ asked }) => Math.max(0, sign * Number(asked['delta'])) * sign)
    const certain = Number(asked['stockCount']) + deltas(done, 1) + deltas(done, -1)
    const [least, most] = [certain + deltas(open, -1), certain + deltas(open, 1)]
    if (sold > most) finder.broken('I10', 'more is sold than there was', { productId, sold, most })
    const all = (stock.get(productId) ?? 0) + units(live)
    if (all < least || all > most)
      finder.broken('I10', 'stock is missing, or came from nowhere', { productId, all, least, most })

    const made = ledger.get(productId) ?? []
    for (const { key, asked: change, answer: answered } of done) {
      const same = made.filter(
        ({ delta, stockAfter, at }) =>
          delta === change['delta'] &&
          stockAfter === answered['stockAfter'] &&
          at === Date.parse(String(answered['at'])),
      )
      if (same.length !== 1)
        finder.broken('I24', 'an acknowledged change of stock is not in the ledger once', {
          key,
          change,
          same,
        })
    }
    if (made.length < done.length || made.length > done.length + open.length)
      finder.broken('I24', 'the ledger holds changes of stock that nobody was told of', {
        productId,
        made: made.length,
        done: done.length,
        open: open.length,
      })
  }
  for (const { asked } of operations.filter(({ f }) => f === 'place'))
    if (linesOf(asked['lines']).some(({ productId }) => !stock.has(productId)))
      finder.broken('I10', 'a product that was ordered has no stock at all', asked)
  return finder.verdict()
}
