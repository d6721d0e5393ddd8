import type { Message, MessageData } from '@bazaar/shared/api/messages'
import { newId } from '@bazaar/shared/database/columns'

/** The message that a cancellation is announced with, as the order service writes it. */
export function cancellationOf(
  orderId: string,
  lines: MessageData<'order.cancelled.v1'>['lines'],
  cancellationId = newId(),
): Message<'order.cancelled.v1'> {
  const cancelledAt = new Date().toISOString()
  return {
    specversion: '1.0',
    id: newId(),
    source: '/bazaar/order',
    type: 'order.cancelled.v1',
    subject: orderId,
    time: cancelledAt,
    datacontenttype: 'application/json',
    data: { orderId, cancellationId, lines, reason: 'changed my mind', cancelledAt },
  }
}
