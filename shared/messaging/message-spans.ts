import type { ConsumeMessage } from 'amqplib'
import type { MessageType } from '../api/messages.ts'
import { type Attributes, type SpanDescription, spanTraceparent } from '../telemetry/spans.ts'
import type { Publication } from './broker.ts'
import { attemptsOf } from './delivery.ts'

/*
 * A message on its way, as spans that are each the child of the one before: it is created in a transaction, sent by the
 * relay, processed, and if that fails sent and processed again. The event in the outbox carries the context of its
 * creation for good, and the header that of the last sending.
 */

/** The writing of a message into the outbox. */
export function createSpan(type: MessageType): SpanDescription {
  return { name: `create ${type}`, kind: 'producer', attributes: attributesOf('create', type) }
}

/** The sending of a message. The relay works for no request, so there the cause is what the message says. */
export function sendSpan({ exchange, routingKey, messageId, headers }: Publication): SpanDescription {
  const cause = headers?.['traceparent']
  return {
    name: `send ${routingKey}`,
    kind: 'producer',
    cause: spanTraceparent() ?? (typeof cause === 'string' ? cause : null),
    attributes: {
      ...attributesOf('send', exchange || routingKey),
      'messaging.rabbitmq.destination.routing_key': routingKey,
      ...idOf(messageId),
    },
  }
}

/** One attempt at a message that has arrived, until it is acknowledged. */
export function processSpan(listener: { queue: string }, delivery: ConsumeMessage): SpanDescription {
  const { messageId, headers } = delivery.properties
  const cause: unknown = headers?.['traceparent']
  return {
    name: `process ${listener.queue}`,
    kind: 'consumer',
    cause: typeof cause === 'string' ? cause : null,
    attributes: {
      ...attributesOf('process', listener.queue),
      'bazaar.message.attempt': attemptsOf(delivery),
      ...idOf(messageId),
    },
  }
}

function attributesOf(operation: 'create' | 'send' | 'process', destination: string): Attributes {
  return {
    'messaging.system': 'rabbitmq',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.destination.name': destination,
  }
}

/** Only an id: what somebody else put into the queue may say anything. */
function idOf(messageId: unknown): Attributes {
  const isId = typeof messageId === 'string' && /^[0-9a-f-]{36}$/.test(messageId)
  return isId ? { 'messaging.message.id': messageId } : {}
}
