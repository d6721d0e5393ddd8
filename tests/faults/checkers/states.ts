import type { EventRow, OrderRow, PartRow } from '../history/rows.ts'
import { type Evidence, groupBy, operationsOf, startFinding, type Verdict } from './evidence.ts'

type State = 'NEW' | 'PENDING' | 'AWAITING_PAYMENT' | 'CONFIRMED' | 'SENDING' | 'CANCELLED' | 'REJECTED'

/** Where each event leads, from each state it may happen in. Events that are not named never change the state. */
const PATHS: Record<State, Readonly<Record<string, State>>> = {
  NEW: { PLACED: 'PENDING' },
  PENDING: {
    PAYMENT_DECLINED: 'AWAITING_PAYMENT',
    CONFIRMED: 'CONFIRMED',
    REJECTED: 'REJECTED',
    CANCELLED: 'CANCELLED',
  },
  AWAITING_PAYMENT: {
    PAYMENT_CHOSEN: 'PENDING',
    PARTLY_CANCELLED: 'AWAITING_PAYMENT',
    REJECTED: 'REJECTED',
    CANCELLED: 'CANCELLED',
  },
  CONFIRMED: { CANCELLED: 'CANCELLED', PARTLY_CANCELLED: 'CONFIRMED', SHIPPED: 'SENDING' },
  SENDING: { PARTLY_CANCELLED: 'SENDING', SHIPPED: 'SENDING', DELIVERED: 'SENDING' },
  CANCELLED: {},
  REJECTED: {},
}
const MOVING = new Set(Object.values(PATHS).flatMap((moves) => Object.keys(moves)))
const SENDING = ['PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED']

/**
 * C4, the path of states: the timeline of every order is a path of the published table and ends where the
 * order is; nothing leaves a final state; no part is both cancelled and sent (I9); what a seller was told to be
 * sent stays so (I8).
 */
export function checkStates({ history, rows }: Evidence): Verdict {
  const counts = { orders: rows.orders.length, events: rows.events.length, sent: 0 }
  const finder = startFinding(
    () => counts,
    () => rows.orders.length === 0,
  )
  const { broken } = finder
  const events = groupBy(rows.events, (event) => event.orderId)
  const parts = groupBy(rows.parts, (part) => part.orderId)
  for (const order of rows.orders) {
    const timeline = (events.get(order.id) ?? []).toSorted((one, other) => (one.id < other.id ? -1 : 1))
    checkTimeline(order, timeline, broken)
    checkParts(parts.get(order.id) ?? [], timeline, broken)
  }

  const orders = new Map(rows.orders.map((order) => [order.id, order]))
  const cancelledAt = new Map<string, number>()
  const operations = operationsOf(history)
  for (const { f, asked, outcome, attempts } of operations) {
    const orderId = String(asked['orderId'])
    const endedMs = attempts.at(-1)?.endedMs ?? Number.POSITIVE_INFINITY
    if (f === 'cancel' && outcome === 'ok' && asked['lines'] === undefined)
      cancelledAt.set(orderId, Math.min(endedMs, cancelledAt.get(orderId) ?? endedMs))
    if ((f !== 'ship' && f !== 'deliver') || outcome !== 'ok') continue
    counts.sent += 1
    const part = parts.get(orderId)?.find(({ sellerId }) => sellerId === asked['as'])
    const kept = f === 'ship' ? ['SHIPPED', 'DELIVERED'] : ['DELIVERED']
    if (!part || !kept.includes(part.status))
      broken('I8', `a part that was acknowledged to ${f} did not`, {
        asked,
        part,
        order: orders.get(orderId),
      })
  }
  for (const { f, asked, outcome, answer, attempts } of operations) {
    const cancelledMs = cancelledAt.get(String(asked['orderId']))
    const sentMs = attempts[0]?.invokedMs ?? 0
    if (f === 'read-order' && outcome === 'ok' && cancelledMs !== undefined && sentMs > cancelledMs)
      if (answer['orderStatus'] !== 'CANCELLED')
        broken('I17', 'a cancelled order is read as alive', { asked, answer })
  }
  return finder.verdict()
}

type Broken = (invariant: string, what: string, detail: unknown) => void

function checkTimeline(order: OrderRow, timeline: readonly EventRow[], broken: Broken): void {
  let state: State = 'NEW'
  for (const { type } of timeline) {
    if (!MOVING.has(type)) continue
    const next: State | undefined = PATHS[state][type]
    if (next === undefined) {
      const path = timeline.map((event) => event.type)
      broken('I9', `${type} happened to an order that was ${state}`, { order, path })
      return
    }
    state = next
  }
  const agrees = state === 'SENDING' ? SENDING.includes(order.status) : state === order.status
  if (!agrees)
    broken('I9', `an order is ${order.status}, but its timeline says ${state}`, { order, timeline })
}

function checkParts(parts: readonly PartRow[], timeline: readonly EventRow[], broken: Broken): void {
  for (const part of parts) {
    const times = (type: string) =>
      timeline.filter((event) => event.type === type && event.actorId === part.sellerId).length
    const sent = part.status === 'SHIPPED' || part.status === 'DELIVERED'
    if (times('SHIPPED') !== (sent ? 1 : 0) || times('DELIVERED') !== (part.status === 'DELIVERED' ? 1 : 0))
      broken('I9', 'a part is not where its timeline says', { part, timeline })
  }
}
