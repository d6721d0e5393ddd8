import type { ServiceName } from '@bazaar/stack/databases'
import type { Plant } from '../plants/plant.ts'

/** A place in the source of a service where a test can make something happen. */
export type Point = {
  /** The step of ARCHITECTURE.md's "followed" chapters, and where in it. */
  name: string
  service: ServiceName
  plant: Plant
  /** Somebody comes by here in the ordinary course of placing and cancelling orders. */
  isCommon: boolean
}

const call = (name: string) => `await failpoint('${name}');`

/** A point before or after a text that stands in the source exactly once. */
function point(
  name: string,
  service: ServiceName,
  place: { file: string; before: string } | { file: string; after: string },
  isCommon = true,
): Point {
  const { file } = place
  const plant =
    'before' in place
      ? { file, find: place.before, put: `${call(name)}\n${place.before}` }
      : { file, find: place.after, put: `${place.after}\n${call(name)}` }
  return { name, service, plant, isCommon }
}

const order = (file: string) => `services/order/src/${file}`
const inventory = (file: string) => `services/inventory/src/${file}`
const user = (file: string) => `services/user/src/${file}`

/**
 * All points, by the steps of the protocols:
 *
 * O, placing: O1 the buyer is known, O2 the order is kept, O3 its stock is reserved, O4 it is confirmed, O5 answered.
 * R, reserving in inventory (O3a the reservation is written, O3b the stock with it). C, confirming there.
 * K, cancelling: K2 kept, K3 published, K4 marked sent, K5 the stock given back, K6 acknowledged.
 * N: inventory announces that the stock is back, and the order notes it, by the same steps. W: the completer. P: payments. S, L, X: sign-up, log-in, log-out.
 */
export const POINTS: readonly Point[] = [
  point('O1.before_keep', 'order', {
    file: order('place-order.ts'),
    before: 'const claim = await keepOrder(',
  }),
  point('O2.before_commit', 'order', {
    file: order('place-order.ts'),
    after: 'detail: { totalMinor: order.totalMinor },\n      })',
  }),
  point('O2.after_commit', 'order', {
    file: order('place-order.ts'),
    before: "if (claim.found === 'answer') return replay(claim.answer, true)",
  }),
  point('O3.after_answer', 'order', {
    file: order('settle-order.ts'),
    after: 'const reserved = await reserve(deps, order)',
  }),
  point('O4.after_authorise', 'order', {
    file: order('settle-order.ts'),
    before: "if (answer === 'declined')",
  }),
  point('O4.after_confirm', 'order', {
    file: order('settle-order.ts'),
    after: 'const confirmed = await confirmReservation(deps, order)',
  }),
  point('O4.before_commit', 'order', {
    file: order('settle-order.ts'),
    after: "await insertEvent(tx, orderId, { type: 'CONFIRMED', actor: 'SYSTEM' })",
  }),
  point('O4.after_commit', 'order', {
    file: order('settle-order.ts'),
    after: 'await confirmOrder(deps, order.id, payment.id, cash)',
  }),
  point('O5.before_commit', 'order', {
    file: order('answer-order.ts'),
    after: "if (order.status !== 'PENDING') await keepAnswer(tx, keyed, answer)",
  }),
  point('O5.before_answer', 'order', {
    file: order('answer-order.ts'),
    before: 'return replay<OrderView>(answer, replayed)',
  }),

  point('O3a.after_insert', 'inventory', {
    file: inventory('place-reservation.ts'),
    after: 'await insertReservations(tx, created, now)',
  }),
  point('O3b.before_commit', 'inventory', {
    file: inventory('place-reservation.ts'),
    after: 'await saveMovements(tx, locked, moved)',
  }),
  point('O3b.after_commit', 'inventory', {
    file: inventory('place-reservation.ts'),
    before: "if (!outcome) throw new Error('a reservation has no outcome')",
  }),
  point('C.before_commit', 'inventory', {
    file: inventory('confirm-reservation.ts'),
    after: 'await saveReservation(tx, stored, confirmed)',
  }),

  point('K2.before_commit', 'order', {
    file: order('cancel-order.ts'),
    after: 'if (!nothingToDo) await cancelLocked(tx, order, wanted)',
  }),
  point('K2.after_commit', 'order', {
    file: order('cancel-order.ts'),
    before: 'deps.wake.relay()',
  }),
  point('K3.after_lease', 'order', {
    file: 'shared/relay.ts',
    after: 'if (rows.length === 0) return false',
  }),
  point('K3.after_publish', 'order', {
    file: 'shared/broker.ts',
    before: 'try {\n      await within(CONFIRM_TIMEOUT_MS',
  }),
  point('K4.before_mark', 'order', {
    file: 'shared/relay.ts',
    before: 'const sent: string[] = []',
  }),
  point('K4.after_mark', 'order', {
    file: 'shared/relay.ts',
    before: 'if (unsent.length === 0) outage.worked()',
  }),
  point('K5.on_delivery', 'inventory', {
    file: inventory('release-reservation.ts'),
    before: 'const { orderId, cancellationId, lines } = message.data',
  }),
  point('K5.before_commit', 'inventory', {
    file: inventory('release-reservation.ts'),
    before: 'await enqueue(tx, {',
  }),
  point('K5.after_commit', 'inventory', {
    file: inventory('release-reservation.ts'),
    before: 'deps.wakeRelay()',
  }),
  point('K6.before_ack', 'inventory', {
    file: 'shared/consumer.ts',
    before: 'ear.channel.ack(delivery)',
  }),

  point('N.before_commit', 'order', {
    file: order('note-stock-released.ts'),
    after: 'await saveStockRestored(tx, { orderId, cancellationId })',
  }),
  point('N3.before_mark', 'inventory', {
    file: 'shared/relay.ts',
    before: 'const sent: string[] = []',
  }),
  point('N6.before_ack', 'order', {
    file: 'shared/consumer.ts',
    before: 'ear.channel.ack(delivery)',
  }),
  point('P.after_provider', 'order', {
    file: order('work-payments.ts'),
    before: 'const more = await inTransaction(',
  }),
  point('W.after_lease', 'order', {
    file: order('complete-orders.ts'),
    before: 'await Promise.all(due.map((order) => complete(deps, order)))',
  }),

  point('L2.after_session', 'user', {
    file: user('log-in.ts'),
    before: 'const present = await read(database, (connection) => findUser(connection, user.id))',
  }),
  point(
    'S.after_hold',
    'user',
    { file: user('sign-up.ts'), before: 'const { database } = deps\n  const { id, outcome } = begun' },
    false,
  ),
  point(
    'S.after_credential',
    'user',
    { file: user('sign-up.ts'), before: 'await inTransaction(database, (tx) => saveActive(' },
    false,
  ),
]

/** The plants of some points, for the processes of one service. */
export function plantsOf(points: readonly Point[], service: ServiceName): Plant[] {
  return points.filter((one) => one.service === service).map(({ plant }) => plant)
}
