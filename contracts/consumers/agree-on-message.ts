import type { MessageType } from '@bazaar/shared/api/messages'
import { readDelivery } from '@bazaar/shared/messaging/delivery'
import { MatchersV3 } from '@pact-foundation/pact'
import type { ConsumeMessage } from 'amqplib'
import type { GivenState } from '../states.ts'
import { anInstant } from './answers.ts'
import { drop, leavesOf } from './needed.ts'
import { describeOnce, type OpenPact } from './pact.ts'

const { regex, string } = MatchersV3

/** What a consumer needs of a message: what it says, inside an envelope that is the same for all. */
export type MessageAgreement = {
  /** The type of the message, and after a colon the case. */
  description: string
  given: readonly GivenState[]
  type: MessageType
  id: ReturnType<typeof regex>
  data: object
}

/**
 * Writes into the pact what a consumer needs of a message: the CloudEvents envelope, the data, the routing key
 * its queue is bound to, and the property that must name the event. The example is read as every delivery is
 * (shared/messaging/delivery.ts), and must be refused without any of its parts.
 */
export async function agreeOnMessage(open: OpenPact, agreement: MessageAgreement): Promise<void> {
  const { description, given, type, id, data } = agreement
  describeOnce(open, description)
  const content = {
    specversion: '1.0',
    id,
    source: regex('^/bazaar/[a-z]{1,32}$', `/bazaar/${open.provider}`),
    type,
    subject: string('what it is about'),
    time: anInstant(),
    datacontenttype: 'application/json',
    data,
  }
  const unconfigured = open.pact.addAsynchronousInteraction()
  for (const { name, params } of given) unconfigured.given(name, params)
  unconfigured.reference('AsyncAPI', 'operationId', `send-${type}`)
  await unconfigured
    .expectsToReceive(description, (builder) => {
      builder.withMetadata({ routingKey: type, messageId: id }).withJSONContent(content)
    })
    .executeTest(async (message) => {
      const { routingKey, messageId } = message.metadata
      const example: unknown = message.contents.content
      if (routingKey !== type) throw new Error('the queue of the consumer is not bound to this routing key')
      readDelivery(type, deliveryOf(example, String(messageId)))
      for (const path of leavesOf(example, [])) {
        if (isRead(type, drop(example, path), String(messageId)))
          throw new Error(`The contract states $.${path.join('.')}, but the consumer works without it`)
      }
      if (isRead(type, example, undefined)) throw new Error('The consumer works without messageId')
    })
}

function isRead(type: MessageType, content: unknown, messageId: string | undefined): boolean {
  try {
    readDelivery(type, deliveryOf(content, messageId))
    return true
  } catch {
    // It is refused: what is missing is needed.
    return false
  }
}

function deliveryOf(content: unknown, messageId: string | undefined): ConsumeMessage {
  const unset = undefined
  return {
    content: Buffer.from(JSON.stringify(content)),
    fields: { deliveryTag: 1, redelivered: false, exchange: 'bazaar', routingKey: '', consumerTag: '' },
    properties: {
      messageId,
      headers: {},
      contentType: unset,
      contentEncoding: unset,
      deliveryMode: unset,
      priority: unset,
      correlationId: unset,
      replyTo: unset,
      expiration: unset,
      timestamp: unset,
      type: unset,
      userId: unset,
      appId: unset,
      clusterId: unset,
    },
  }
}
