import type { Entry, Outcome } from '../history/history.ts'
import type { Rows } from '../history/rows.ts'
import { shortHash } from '../workload/client.ts'
import type { Evidence } from './evidence.ts'
import { sha256 } from './orders.ts'

/*
 * A small run in which everything is as it must be, for the tests of the checkers: each of them spoils one thing
 * of it, and looks whether the right checker finds it.
 */

/** Everybody and everything of the run. */
export const IDS = {
  ada: 'buyer-ada',
  bob: 'buyer-bob',
  seller: 'seller',
  cup: 'cup',
  pot: 'pot',
  cancelled: 'order-cancelled',
  sent: 'order-sent',
  refused: 'order-refused',
  late: 'order-late',
  cash: 'order-cash',
} as const

/** What an attempt was asked and answered. */
type Said = Record<string, unknown>

const CALM_ATTEMPTS = 120
const BASELINE_ATTEMPTS = 60

/** What happened to the order that was sent. */
const SENT = [
  'PLACED',
  'CONFIRMED',
  'PAYMENT_CAPTURED',
  'PARTLY_CANCELLED',
  'REFUNDED',
  'SHIPPED',
  'DELIVERED',
]

/** A run that every checker finds valid. Each call makes a new one, to be spoilt. */
export function goodRun(): Evidence & { history: Entry[] } {
  return { history: goodHistory(), rows: goodRows(), logFindings: [] }
}

/** Writes a history, a millisecond a line. */
function goodHistory(): Entry[] {
  const history: Entry[] = []
  let tMs = 1_000_000
  const add = (entry: Omit<Entry, 'tMs'>) => history.push({ ...entry, tMs: ++tMs })

  function done(f: string, key: string, asked: Said, answer: Said, type: Outcome = 'ok', attempt = 1): void {
    const status = type === 'ok' ? 200 : 409
    const entry = { process: 'client-1', f, key, attempt }
    add({ ...entry, type: 'invoke', value: asked })
    add({ ...entry, type, value: { status, fingerprint: shortHash(key), ...answer } })
  }

  const { ada, bob, seller, cup, pot } = IDS
  done('sign-up', 'sign-up-1', {}, { userId: ada })
  done('log-in', 'log-in-1', { as: ada }, { userId: ada, session: 's-1' })
  done('offer', 'offer-cup', { as: seller, stockCount: 10 }, { productId: cup })
  done('offer', 'offer-pot', { as: seller, stockCount: 5 }, { productId: pot })
  done(
    'adjust',
    'adjust-1',
    { as: seller, productId: cup, delta: 5 },
    { at: new Date(2_000).toISOString(), stockAfter: 15 },
  )
  placed('cancelled', ada, [[cup, 2]], 1_000)
  const two: [string, number][] = [
    [cup, 3],
    [pot, 1],
  ]
  placed('sent', ada, two, 3_500)
  done(
    'place',
    'key-sent',
    { as: ada, lines: linesOf(two), means: 'card' },
    { ...shown('sent', ada, 3_500), replayed: true },
    'ok',
    2,
  )
  done('place', 'key-refused', { as: bob, lines: linesOf([[pot, 9]]) }, { code: 'out-of-stock' }, 'fail')
  placed('late', bob, [[cup, 1]], 500)
  placed('cash', bob, [[cup, 1]], 500)
  done('pay', 'pay-1', { as: bob, orderId: IDS.late }, shown('late', bob, 500))
  done('cancel', 'cancel-1', { as: ada, orderId: IDS.cancelled }, shown('cancelled', ada, 1_000))
  done(
    'cancel',
    'cancel-2',
    { as: ada, orderId: IDS.sent, lines: [{ productId: cup, quantity: 1 }] },
    shown('sent', ada, 3_500),
  )
  done('cancel', 'cancel-3', { as: ada, orderId: IDS.sent }, { code: 'already-shipped' }, 'fail')
  done('ship', 'ship-1', { as: seller, orderId: IDS.sent }, { orderId: IDS.sent })
  done('deliver', 'deliver-1', { as: seller, orderId: IDS.sent }, { orderId: IDS.sent })
  done(
    'read-order',
    'read-1',
    { as: ada, orderId: IDS.sent },
    { ...shown('sent', ada, 3_500), orderStatus: 'DELIVERED' },
  )
  done(
    'read-order',
    'read-2',
    { as: ada, orderId: IDS.cancelled },
    { ...shown('cancelled', ada, 1_000), orderStatus: 'CANCELLED' },
  )
  done('read-history', 'read-3', { as: ada, orderId: IDS.sent }, { events: ['PLACED'] })
  done('read-product', 'read-4', { productId: cup }, { productId: cup })
  done('list-orders', 'list-1', { as: ada }, { orderIds: [IDS.sent] })
  done('log-out', 'log-out-1', { as: ada, session: 's-1' }, { status: 204 })
  tMs += 20_000
  done('use-ended', 'use-1', { session: 's-1', service: 'user' }, { status: 401 }, 'fail')
  done('use-forged', 'use-2', { session: 's-x', service: 'user' }, { status: 401 }, 'fail')
  done('log-in-wrongly', 'wrong-1', { as: ada }, { status: 401 }, 'fail')
  add({ process: 'watch', f: 'bank', key: 'bank-1', type: 'ok', value: [] })
  add({ process: 'run', f: 'baseline', key: 'baseline', type: 'invoke', value: null })
  for (let index = 0; index < BASELINE_ATTEMPTS; index++)
    done('read-product', `baseline-${index}`, { productId: cup }, { productId: cup })
  add({ process: 'run', f: 'baseline', key: 'baseline', type: 'ok', value: null })
  add({ process: 'nemesis', f: 'poison', key: 'fault-1', type: 'invoke', value: {} })
  add({ process: 'nemesis', f: 'poison', key: 'fault-1', type: 'ok', value: { poison: ['m-poison'] } })
  add({ process: 'fleet', f: 'logs', key: 'logs', type: 'info', value: null })
  add({ process: 'fleet', f: 'exit', key: 'order-1', type: 'info', value: { expected: true } })
  add({ process: 'nemesis', f: 'calm', key: 'calm', type: 'invoke', value: null })
  tMs += 6_000
  const speed = { stretch: 1.2, flushMs: 3, lateMs: 8 }
  add({ process: 'machine', f: 'speed', key: 'speed', type: 'ok', value: speed })
  for (let index = 0; index < CALM_ATTEMPTS; index++)
    done('read-product', `calm-${index}`, { productId: cup }, { productId: cup })
  add({ process: 'rest', f: 'drain', key: 'drain', type: 'invoke', value: {} })
  add({ process: 'rest', f: 'drain', key: 'drain', type: 'ok', value: {} })
  done('list-all-orders', 'all-1', { as: ada }, { orderIds: [IDS.cancelled, IDS.sent] })
  done('list-all-orders', 'all-2', { as: bob }, { orderIds: [IDS.refused, IDS.late, IDS.cash] })
  return history

  function placed(
    name: 'cancelled' | 'sent' | 'late' | 'cash',
    as: string,
    lines: [string, number][],
    total: number,
  ): void {
    done('place', `key-${name}`, { as, lines: linesOf(lines), means: 'card' }, shown(name, as, total))
  }
}

function linesOf(lines: readonly [string, number][]) {
  return lines.map(([productId, quantity]) => ({ productId, quantity }))
}

function shown(name: 'cancelled' | 'sent' | 'late' | 'cash', recipient: string, totalMinor: number): Said {
  return { orderId: IDS[name], totalMinor, recipient, content: `content of ${name}` }
}

/** What is stored when that run is over. */
function goodRows(): Rows {
  const { ada, bob, seller, cup, pot } = IDS
  let sequence = { cup: 0, pot: 0 }
  let stock = { cup: 0, pot: 0 }
  const moved = (
    product: 'cup' | 'pot',
    delta: number,
    reason: Rows['movements'][number]['reason'],
    sourceId: string,
  ) => {
    sequence = { ...sequence, [product]: sequence[product] + 1 }
    stock = { ...stock, [product]: stock[product] + delta }
    return {
      productId: product,
      sequence: sequence[product],
      delta,
      reason,
      sourceId,
      stockAfter: stock[product],
      at: 2_000,
    }
  }
  const movements = [
    moved('cup', 10, 'INITIAL', cup),
    moved('pot', 5, 'INITIAL', pot),
    moved('cup', 5, 'RESTOCK', 'adjustment-1'),
    moved('cup', -2, 'RESERVED', IDS.cancelled),
    moved('cup', -3, 'RESERVED', IDS.sent),
    moved('pot', -1, 'RESERVED', IDS.sent),
    moved('cup', -1, 'RESERVED', IDS.late),
    moved('cup', -1, 'RESERVED', IDS.cash),
    moved('cup', 2, 'RELEASED', 'c-1'),
    moved('cup', 1, 'RELEASED', 'c-2'),
  ]
  const order = (id: string, buyerId: string, name: string, status: string, totalMinor: number) => ({
    id,
    buyerId,
    status,
    totalMinor,
    placedKeyHash: sha256(`key-${name}`),
    rejectionReason: null,
  })
  const line = (orderId: string, productId: string, quantity: number, cancelledQuantity: number) => ({
    orderId,
    productId,
    sellerId: seller,
    unitPriceMinor: productId === cup ? 500 : 2_000,
    quantity,
    cancelledQuantity,
  })
  const events = (orderId: string, types: readonly string[]) =>
    types.map((type, index) => ({
      orderId,
      id: `${orderId}-${index}`,
      type,
      actorId: type === 'SHIPPED' || type === 'DELIVERED' ? seller : null,
    }))
  const payment = (orderId: string, status: string, amountMinor: number, type = 'CARD') => ({
    id: `p-${orderId}`,
    orderId,
    type,
    status,
    amountMinor,
  })
  const message = (id: string, type: string) => ({ id, type, sentAt: 5_000, attempts: 1 })
  return {
    products: [cup, pot].map((id) => ({ id, sellerId: seller, priceMinor: id === cup ? 500 : 2_000 })),
    stock: [
      { productId: cup, stockCount: stock.cup, lastSequence: sequence.cup },
      { productId: pot, stockCount: stock.pot, lastSequence: sequence.pot },
    ],
    movements,
    reservations: [
      { orderId: IDS.cancelled, status: 'RELEASED', expiresAt: 9_000 },
      { orderId: IDS.sent, status: 'CONFIRMED', expiresAt: 9_000 },
      { orderId: IDS.late, status: 'CONFIRMED', expiresAt: 9_000 },
      { orderId: IDS.cash, status: 'CONFIRMED', expiresAt: 9_000 },
    ],
    reservationLines: [
      { orderId: IDS.cancelled, productId: cup, quantity: 2, releasedQuantity: 2 },
      { orderId: IDS.sent, productId: cup, quantity: 3, releasedQuantity: 1 },
      { orderId: IDS.sent, productId: pot, quantity: 1, releasedQuantity: 0 },
      { orderId: IDS.late, productId: cup, quantity: 1, releasedQuantity: 0 },
      { orderId: IDS.cash, productId: cup, quantity: 1, releasedQuantity: 0 },
    ],
    orders: [
      order(IDS.cancelled, ada, 'cancelled', 'CANCELLED', 1_000),
      order(IDS.sent, ada, 'sent', 'DELIVERED', 3_500),
      order(IDS.refused, bob, 'refused', 'REJECTED', 18_000),
      order(IDS.late, bob, 'late', 'CONFIRMED', 500),
      order(IDS.cash, bob, 'cash', 'CONFIRMED', 500),
    ],
    orderLines: [
      line(IDS.cancelled, cup, 2, 2),
      line(IDS.sent, cup, 3, 1),
      line(IDS.sent, pot, 1, 0),
      line(IDS.refused, pot, 9, 0),
      line(IDS.late, cup, 1, 0),
      line(IDS.cash, cup, 1, 0),
    ],
    parts: [
      { orderId: IDS.cancelled, sellerId: seller, status: 'CANCELLED' },
      { orderId: IDS.sent, sellerId: seller, status: 'DELIVERED' },
      { orderId: IDS.late, sellerId: seller, status: 'AWAITING_SHIPMENT' },
      { orderId: IDS.cash, sellerId: seller, status: 'AWAITING_SHIPMENT' },
    ],
    payments: [
      payment(IDS.cancelled, 'VOIDED', 1_000),
      payment(IDS.sent, 'CAPTURED', 3_500),
      payment(IDS.refused, 'VOIDED', 18_000),
      payment(IDS.late, 'CAPTURED', 500),
      payment(IDS.cash, 'DUE_ON_DELIVERY', 500, 'CASH_ON_DELIVERY'),
    ],
    books: [
      { paymentId: `p-${IDS.cancelled}`, state: 'VOIDED', amountMinor: 1_000 },
      { paymentId: `p-${IDS.sent}`, state: 'CAPTURED', amountMinor: 3_500 },
      { paymentId: `p-${IDS.late}`, state: 'CAPTURED', amountMinor: 500 },
    ],
    refunds: [
      {
        id: 'r-1',
        paymentId: `p-${IDS.cancelled}`,
        orderId: IDS.cancelled,
        cancellationId: 'c-1',
        amountMinor: 1_000,
        status: 'RELEASED',
      },
      {
        id: 'r-2',
        paymentId: `p-${IDS.sent}`,
        orderId: IDS.sent,
        cancellationId: 'c-2',
        amountMinor: 500,
        status: 'REFUNDED',
      },
    ],
    bookRefunds: [{ id: 'r-2', paymentId: `p-${IDS.sent}`, amountMinor: 500 }],
    cancellations: [
      {
        id: 'c-1',
        orderId: IDS.cancelled,
        reason: 'cancel-1',
        lines: linesOf([[cup, 2]]),
        stockRestoredAt: 6_000,
      },
      {
        id: 'c-2',
        orderId: IDS.sent,
        reason: 'cancel-2',
        lines: linesOf([[cup, 1]]),
        stockRestoredAt: 6_000,
      },
    ],
    events: [
      ...events(IDS.cancelled, ['PLACED', 'CONFIRMED', 'CANCELLED', 'PAYMENT_VOIDED', 'STOCK_RESTORED']),
      ...events(IDS.sent, SENT),
      ...events(IDS.refused, ['PLACED', 'REJECTED', 'PAYMENT_VOIDED']),
      ...events(IDS.late, ['PLACED', 'PAYMENT_DECLINED', 'PAYMENT_CHOSEN', 'CONFIRMED', 'PAYMENT_CAPTURED']),
      ...events(IDS.cash, ['PLACED', 'CONFIRMED', 'PAYMENT_DUE_ON_DELIVERY']),
    ],
    orderOutbox: [
      message('m-1', 'order.cancelled.v1'),
      message('m-2', 'order.cancelled.v1'),
      message('m-5', 'order.changed.v1'),
    ],
    inventoryInbox: ['m-1', 'm-2'].map((messageId) => ({ consumer: 'inventory', messageId })),
    inventoryOutbox: [message('m-3', 'stock.released.v1'), message('m-4', 'stock.released.v1')],
    orderInbox: ['m-3', 'm-4'].map((messageId) => ({ consumer: 'order', messageId })),
    userInbox: [{ consumer: 'user', messageId: 'm-5' }],
    deadLetters: [
      { queue: 'inventory.order-cancelled.dead', messageId: 'm-poison', reason: 'invalid message' },
    ],
  }
}
