import { queuesOf } from '@bazaar/shared/api/message-flows'
import type { Connection } from 'mysql2/promise'
import { bytesOf, rowsOf } from './read-only.ts'

/** A message in the outbox of a service. `traceId` joins it to the lines of the logs. */
export type MessageRow = {
  service: string
  id: string
  type: string
  createdAt: Date
  sentAt: Date | null
  attempts: number
  cancellationId: string | null
  traceId: string | null
}

/** That a service has handled a message, by its inbox. */
export type Receipt = { service: string; messageId: string; receivedAt: Date }

/**
 * The messages about one order. Their ids begin with the time of their making, as the order's does, so only what is
 * younger than the order is looked through.
 */
export async function listMessages(
  connection: Connection,
  { service, orderId, since }: { service: string; orderId: string; since: Buffer },
): Promise<MessageRow[]> {
  const rows = await rowsOf<Omit<MessageRow, 'service' | 'traceId'> & { traceparent: string | null }>(
    connection,
    `select id, type, created_at as createdAt, sent_at as sentAt, attempts,
        json_unquote(json_extract(payload, '$.data.cancellationId')) as cancellationId,
        json_unquote(json_extract(payload, '$.traceparent')) as traceparent
      from outbox where id >= ? and json_unquote(json_extract(payload, '$.subject')) = ? order by id`,
    [earlierBy(since, CLOCKS_APART_MS), orderId],
  )
  return rows.map(({ traceparent, ...row }) => ({
    ...row,
    service,
    traceId: traceparent?.split('-')[1] ?? null,
  }))
}

/** Which of these messages the service has handled. */
export async function listReceipts(
  connection: Connection,
  { service, ids }: { service: string; ids: readonly string[] },
): Promise<Receipt[]> {
  if (ids.length === 0) return []
  const rows = await rowsOf<Omit<Receipt, 'service'>>(
    connection,
    'select message_id as messageId, received_at as receivedAt from inbox where consumer in (?) and message_id in (?)',
    [queuesOf(service), ids.map(bytesOf)],
  )
  return rows.map((row) => ({ ...row, service }))
}

/** As far as the clocks of two instances may differ. */
const CLOCKS_APART_MS = 60_000

/** A UUIDv7 from before, as a bound: its first six bytes are milliseconds. */
function earlierBy(id: Buffer, ms: number): Buffer {
  const bound = Buffer.alloc(16)
  bound.writeUIntBE(Math.max(0, id.readUIntBE(0, 6) - ms), 0, 6)
  return bound
}
