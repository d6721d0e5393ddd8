import type { MessageType } from './messages.ts'

/** Who says what to whom, and in which queue it waits. */
export type Flow = { from: string; to: string; queue: string; summary: string }

/** The ways of all messages. */
export const messageFlows = {
  'order.cancelled.v1': {
    from: 'order',
    to: 'inventory',
    queue: 'inventory.order-cancelled',
    summary: 'Something of an order was cancelled: its stock is to be put back',
  },
  'stock.released.v1': {
    from: 'inventory',
    to: 'order',
    queue: 'order.stock-released',
    summary: 'The stock of a cancellation is back',
  },
  'order.changed.v1': {
    from: 'order',
    to: 'user',
    queue: 'user.order-changed',
    summary: 'Something happened to an order: its buyer and its sellers are to be told',
  },
} as const satisfies Record<MessageType, Flow>

/** Whether a service sends messages, and so has an outbox. */
export function sendsMessages(service: string): boolean {
  return Object.values<Flow>(messageFlows).some(({ from }) => from === service)
}

/** The queues that a service listens to. */
export function queuesOf(service: string): string[] {
  return Object.values<Flow>(messageFlows).flatMap(({ to, queue }) => (to === service ? [queue] : []))
}
