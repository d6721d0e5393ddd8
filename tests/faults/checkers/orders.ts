import { createHash } from 'node:crypto'
import type { OrderLineRow, OrderRow } from '../history/rows.ts'
import {
  type Evidence,
  groupBy,
  linesOf,
  type Operation,
  operationsOf,
  startFinding,
  type Verdict,
} from './evidence.ts'

/**
 * C2, the set of orders: every acknowledged order is there as it was acknowledged (I5), every order that is
 * there was asked for, and once (I6), what was refused is not there (I24), and whoever placed an order can
 * read it (I17).
 */
export function checkOrders({ history, rows }: Evidence): Verdict {
  const counts = { placed: 0, refused: 0, unknown: 0, recovered: 0, reads: 0, stored: rows.orders.length }
  const finder = startFinding(
    () => counts,
    () => counts.placed === 0,
  )
  const operations = operationsOf(history)
  const stored = groupBy(rows.orders, (order) => `${order.buyerId} ${order.placedKeyHash}`)
  const lines = groupBy(rows.orderLines, (line) => line.orderId)
  const asked = new Set<string>()
  const contents = new Map<string, unknown>()

  for (const operation of operations) {
    if (operation.f !== 'place') continue
    const id = `${operation.asked['as']} ${sha256(operation.key)}`
    asked.add(id)
    const [order] = stored.get(id) ?? []
    checkPlaced(operation, order)
  }

  function checkPlaced(operation: Operation, order: OrderRow | undefined): void {
    const { key, outcome, answer, attempts } = operation
    const accepted = attempts.filter(({ type }) => type === 'ok')
    for (const { value } of accepted) {
      if (!order || order.id !== value['orderId'] || order.totalMinor !== value['totalMinor'])
        finder.broken('I5', 'an acknowledged order is lost, or another one', { key, answer: value, order })
    }
    if (order && !sameLines(operation, lines.get(order.id) ?? []))
      finder.broken('I5', 'an order holds something else than was ordered', { key, order: order.id })
    if (outcome === 'ok') {
      counts.placed += 1
      contents.set(String(answer['orderId']), answer['content'])
    } else if (outcome === 'fail') {
      counts.refused += 1
      if (order && order.status !== 'REJECTED')
        finder.broken('I24', 'an order was refused and is there', { key, answer, order })
    } else {
      counts.unknown += 1
      if (order) counts.recovered += 1
    }
  }

  for (const [id, twins] of stored) {
    if (!asked.has(id)) finder.broken('I6', 'nobody placed this order', twins[0])
    if (twins.length > 1) finder.broken('I6', 'one request placed two orders', twins)
  }

  for (const { f, key, outcome, answer, asked: wanted } of operations) {
    if (f !== 'read-order' && f !== 'read-history') continue
    counts.reads += 1
    if (outcome === 'fail')
      finder.broken('I17', 'an acknowledged order cannot be read', { key, answer, wanted })
    const content = contents.get(String(wanted['orderId']))
    if (f === 'read-order' && outcome === 'ok' && content !== undefined && content !== answer['content'])
      finder.broken('I12', 'what an order says has changed', { key, answer, wanted })
  }
  checkLists(operations, rows.orders, finder.broken)
  return finder.verdict()
}

/** At the end every buyer reads all of their orders: what they placed is among them, and nothing of anybody else's. */
function checkLists(
  operations: readonly Operation[],
  orders: readonly OrderRow[],
  broken: (invariant: string, what: string, detail: unknown) => void,
): void {
  const seen = new Map<string, Set<string>>()
  for (const { f, outcome, answer, asked } of operations) {
    if (f !== 'list-all-orders' || outcome !== 'ok' || !Array.isArray(answer['orderIds'])) continue
    const buyer = String(asked['as'])
    const ids = seen.get(buyer) ?? new Set()
    for (const id of answer['orderIds']) ids.add(String(id))
    seen.set(buyer, ids)
  }
  for (const { f, key, outcome, answer, asked } of operations) {
    const listed = seen.get(String(asked['as']))
    if (f === 'place' && outcome === 'ok' && listed && !listed.has(String(answer['orderId'])))
      broken('I5', 'an acknowledged order is not in the list of its buyer', { key, answer })
  }
  const owners = new Map(orders.map((order) => [order.id, order.buyerId]))
  for (const [buyer, ids] of seen)
    for (const id of ids)
      if (owners.get(id) !== buyer) broken('I16', 'a list shows the order of somebody else', { buyer, id })
}

function sameLines(operation: Operation, stored: readonly OrderLineRow[]): boolean {
  const asked = linesOf(operation.asked['lines'])
  return (
    asked.length === stored.length &&
    asked.every(({ productId, quantity }) =>
      stored.some((line) => line.productId === productId && line.quantity === quantity),
    )
  )
}

/** How a key is stored: as its SHA-256. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
