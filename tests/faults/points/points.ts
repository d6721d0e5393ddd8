import type { ServiceName } from '@bazaar/stack/servers/databases'
import type { Plant } from '../../plants/plant.ts'
import { pointComments, pointPlant } from './point-comments.ts'

/** A place in the source of a service, marked by a comment there, where a test can make something happen. */
export type Point = {
  /** What the service is doing, mostly the file it does it in, and how far it is. */
  name: string
  service: ServiceName
  /** The rows of the matrix in README.md that it stands for. */
  rows: readonly string[]
  /** A process comes by here in the ordinary course of placing and cancelling orders. */
  isCommon: boolean
  /** In a transaction, or in what nobody waits for: there an error may come from a store that is gone. */
  mayBreakOff: boolean
}

/**
 * All points. Each is a comment of its own line in the source of its service or of what it shares,
 * `// failpoint: relay.before-mark`, exactly once. The calls are planted there while a process loads the file.
 *
 * Placing an order: place-order, keep-order, reserve, authorise, confirm, confirm-order, keep-answer; in inventory
 * place-reservation and confirm-reservation. Cancelling: cancel-order, relay, publish; in inventory
 * release-reservation, consumer and relay for the announcement, which order notes in note-stock-released. Of both people
 * are told: in user tell-of-order and consumer.
 */
export const POINTS: readonly Point[] = [
  point('order', 'place-order.before-keep', ['F01']),
  point('order', 'keep-order.before-commit', ['F01'], { mayBreakOff: true }),
  point('order', 'keep-order.after-commit', ['F02']),
  point('order', 'reserve.after-answer', ['F03']),
  point('order', 'authorise.after-answer', ['F03']),
  point('order', 'confirm.after-answer', ['F03']),
  point('order', 'confirm-order.before-commit', ['F03'], { mayBreakOff: true }),
  point('order', 'confirm-order.after-commit', ['F04']),
  point('order', 'keep-answer.before-commit', ['F04'], { mayBreakOff: true }),
  point('order', 'keep-answer.after-commit', ['F04']),

  point('inventory', 'place-reservation.after-insert', ['F07'], { mayBreakOff: true }),
  point('inventory', 'place-reservation.before-commit', ['F07'], { mayBreakOff: true }),
  point('inventory', 'place-reservation.after-commit', ['F08']),
  point('inventory', 'confirm-reservation.before-commit', ['F07'], { mayBreakOff: true }),

  point('order', 'cancel-order.before-commit', ['F05'], { mayBreakOff: true }),
  point('order', 'cancel-order.after-commit', ['F05']),
  point('order', 'relay.after-lease', ['F06'], { mayBreakOff: true }),
  point('order', 'publish.before-confirm', ['F06', 'F40'], { mayBreakOff: true }),
  point('order', 'relay.before-mark', ['F06'], { mayBreakOff: true }),
  point('order', 'relay.after-mark', ['F06'], { mayBreakOff: true }),
  point('inventory', 'release-reservation.on-delivery', ['F09'], { mayBreakOff: true }),
  point('inventory', 'release-reservation.before-commit', ['F09'], { mayBreakOff: true }),
  point('inventory', 'release-reservation.after-commit', ['F09'], { mayBreakOff: true }),
  point('inventory', 'consumer.before-ack', ['F09'], { mayBreakOff: true }),

  point('order', 'note-stock-released.before-commit', ['F09'], { mayBreakOff: true }),
  point('inventory', 'relay.before-mark', ['F06'], { mayBreakOff: true }),
  point('order', 'consumer.before-ack', ['F09'], { mayBreakOff: true }),
  point('order', 'work-payments.after-provider', ['F02'], { mayBreakOff: true }),
  point('order', 'complete-orders.after-lease', ['F02'], { mayBreakOff: true }),

  point('user', 'tell-of-order.before-commit', ['F09'], { mayBreakOff: true }),
  point('user', 'tell-of-order.after-commit', ['F09'], { mayBreakOff: true }),
  point('user', 'consumer.before-ack', ['F09'], { mayBreakOff: true }),
  point('user', 'log-in.after-session', ['F11']),
  point('user', 'sign-up.after-hold', ['F13'], { isCommon: false }),
  point('user', 'sign-up.after-credential', ['F13'], { isCommon: false }),
  point('user', 'use-reset.after-begin', ['F13'], { isCommon: false }),
  point('user', 'use-reset.after-credential', ['F13'], { isCommon: false }),
  point('user', 'use-reset.after-log-out', ['F13'], { isCommon: false }),
  point('user', 'verify-email.before-commit', ['F13'], { isCommon: false, mayBreakOff: true }),
  point('user', 'verify-email.after-commit', ['F13'], { isCommon: false }),
]

function point(
  service: ServiceName,
  name: string,
  rows: readonly string[],
  { isCommon = true, mayBreakOff = false } = {},
): Point {
  return { service, name, rows, isCommon, mayBreakOff }
}

/**
 * The plants of some points, for the processes of one service.
 * @throws {Error} when no comment names a point, or more than one does.
 */
export function plantsOf(points: readonly Point[], service: ServiceName): Plant[] {
  const comments = pointComments(service)
  return points
    .filter((one) => one.service === service)
    .map(({ name }) => {
      const files = comments.filter((one) => one.name === name).map(({ file }) => file)
      const [file] = files
      if (file === undefined || files.length > 1)
        throw new Error(`Cannot plant ${name} in ${service}: ${files.length} comments name it, not one`)
      return pointPlant({ name, file })
    })
}
