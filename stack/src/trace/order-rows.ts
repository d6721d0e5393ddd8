import type { Connection } from 'mysql2/promise'
import { listMessages, listReceipts, type MessageRow, type Receipt } from './message-rows.ts'
import { bytesOf, readOnly, rowsOf } from './read-only.ts'

/** What the tables of order and inventory say of one order. No name, address, means of payment or free text. */
export type OrderRows = {
  /** By the database's clock, as everything else here. */
  now: Date
  order: {
    status: string
    rejectionReason: string | null
    currency: string
    totalMinor: number
    payBy: Date | null
    placedAt: Date
  }
  lines: { productId: string; quantity: number; cancelledQuantity: number }[]
  events: { type: string; actor: string; actorId: string | null; at: Date; amountMinor: number | null }[]
  parts: { sellerId: string; status: string }[]
  payments: {
    type: string
    status: string
    amountMinor: number
    createdAt: Date
    workDueAt: Date | null
  }[]
  cancellations: { id: string; cancelledAt: Date; stockRestoredAt: Date | null }[]
  refunds: { amountMinor: number; status: string; createdAt: Date; refundedAt: Date | null }[]
  reservation: { status: string; expiresAt: Date | null; createdAt: Date; changedAt: Date } | undefined
  reserved: { productId: string; quantity: number; releasedQuantity: number }[]
  /** What the ledger says of this order and its cancellations. */
  movements: { productId: string; delta: number; reason: string; stockAfter: number; at: Date }[]
  messages: MessageRow[]
  receipts: Receipt[]
}

/**
 * Reads all of one order, with the accounts of the services, in transactions that can change nothing. Undefined when
 * there is no such order. What another service did in between is not lost, only seen by one of them. Of user only the
 * messages that it has handled are read.
 */
export async function readOrderRows(
  urls: { user: string; order: string; inventory: string },
  orderId: string,
): Promise<OrderRows | undefined> {
  const id = bytesOf(orderId)
  const ordered = await readOnly(urls.order, (connection) => readOrder(connection, id, orderId))
  if (!ordered) return undefined
  const sources = [id, ...ordered.cancellations.map((one) => bytesOf(one.id))]
  const sent = ordered.messages.map((one) => one.id)
  const stocked = await readOnly(urls.inventory, async (connection) => ({
    ...(await readStock(connection, id, sources)),
    messages: await listMessages(connection, { service: 'inventory', orderId, since: id }),
    receipts: await listReceipts(connection, { service: 'inventory', ids: sent }),
  }))
  const answered = stocked.messages.map((one) => one.id)
  const receipts = await readOnly(urls.order, (connection) =>
    listReceipts(connection, { service: 'order', ids: answered }),
  )
  const told = await readOnly(urls.user, (connection) =>
    listReceipts(connection, { service: 'user', ids: sent }),
  )
  return {
    ...ordered,
    ...stocked,
    messages: [...ordered.messages, ...stocked.messages],
    receipts: [...stocked.receipts, ...receipts, ...told],
  }
}

async function readOrder(connection: Connection, id: Buffer, orderId: string) {
  const all = <T>(statement: string) => rowsOf<T>(connection, statement, [id])
  const [order] = await all<OrderRows['order'] & { now: Date }>(
    `select status, rejection_reason as rejectionReason, currency, total_minor as totalMinor, pay_by as payBy,
      placed_at as placedAt, now(3) as now from orders where id = ?`,
  )
  if (!order) return undefined
  return {
    now: order.now,
    order,
    lines: await all<OrderRows['lines'][number]>(
      `select product_id as productId, quantity, cancelled_quantity as cancelledQuantity
        from order_lines where order_id = ? order by position`,
    ),
    events: await all<OrderRows['events'][number]>(
      `select type, actor, actor_id as actorId, at, json_extract(detail, '$.amountMinor') + 0 as amountMinor
        from order_events where order_id = ? order by id`,
    ),
    parts: await all<OrderRows['parts'][number]>(
      'select seller_id as sellerId, status from order_parts where order_id = ?',
    ),
    payments: await all<OrderRows['payments'][number]>(
      `select type, status, amount_minor as amountMinor, created_at as createdAt, work_due_at as workDueAt
        from payments where order_id = ? order by id`,
    ),
    cancellations: await all<OrderRows['cancellations'][number]>(
      `select id, cancelled_at as cancelledAt, stock_restored_at as stockRestoredAt
        from cancellations where order_id = ? order by id`,
    ),
    refunds: await all<OrderRows['refunds'][number]>(
      `select amount_minor as amountMinor, status, created_at as createdAt, refunded_at as refundedAt
        from refunds where order_id = ? order by id`,
    ),
    messages: await listMessages(connection, { service: 'order', orderId, since: id }),
  }
}

async function readStock(connection: Connection, id: Buffer, sources: Buffer[]) {
  const [reservation] = await rowsOf<NonNullable<OrderRows['reservation']>>(
    connection,
    `select status, expires_at as expiresAt, created_at as createdAt, changed_at as changedAt
      from reservations where order_id = ?`,
    [id],
  )
  const reserved = await rowsOf<OrderRows['reserved'][number]>(
    connection,
    `select product_id as productId, quantity, released_quantity as releasedQuantity
      from reservation_lines where order_id = ?`,
    [id],
  )
  // The ledger's key begins with the product, so those of the order are what is looked through.
  const movements = await rowsOf<OrderRows['movements'][number]>(
    connection,
    `select m.product_id as productId, m.delta, m.reason, m.stock_after as stockAfter, m.at
      from reservation_lines l join stock_movements m on m.product_id = l.product_id
        and m.reason in ('RESERVED', 'RELEASED', 'EXPIRED') and m.source_id in (?)
      where l.order_id = ? order by m.at, m.sequence`,
    [sources, id],
  )
  return { reservation, reserved, movements }
}
