import type { Registry } from 'prom-client'
import { type Flow, messageFlows } from '../api/message-flows.ts'
import { type CountBy, countBy } from './counters.ts'

/** What becomes of the messages that a service sends and listens to, by the few types and queues that there are. */
export type MessageCounters = {
  /** By type. */
  messagesSent: CountBy
  /** By queue, as the following. */
  messagesConsumed: CountBy
  messagesRetried: CountBy
  /** Each was not handled and waits for a person. */
  messagesDeadLettered: CountBy
}

/** Counts the messages of one service. */
export function messageCounters(registry: Registry, service: string): MessageCounters {
  const flows = Object.entries<Flow>(messageFlows)
  const types = flows.filter(([, { from }]) => from === service).map(([type]) => type)
  const queues = flows.filter(([, { to }]) => to === service).map(([, { queue }]) => queue)
  const byQueue = (name: string, help: string) =>
    countBy({ registry, name, help, label: 'queue', values: queues })
  return {
    messagesSent: countBy({
      registry,
      name: 'messages_sent_total',
      help: 'Messages that the broker has confirmed to have in a queue',
      label: 'type',
      values: types,
    }),
    messagesConsumed: byQueue('messages_consumed_total', 'Messages that were handled'),
    messagesRetried: byQueue(
      'messages_retried_total',
      'Times that a message failed and is to be tried again',
    ),
    messagesDeadLettered: byQueue(
      'messages_dead_lettered_total',
      'Messages that could not be handled and were set aside',
    ),
  }
}
