import type { ConsumeMessage } from 'amqplib'
import { MESSAGE_BYTES_MAX, type Message, type MessageType } from '../api/messages.ts'
import { DependencyUnavailable, DomainError, OutcomeUnknown } from '../problem.ts'
import type { Publication } from './broker.ts'
import { checkedMessage, InvalidMessage } from './message.ts'

/** The notes on a copy of a message whose handling has failed. */
export const FAILURE_HEADERS = {
  /** The reason for the latest failure. */
  reason: 'x-reason',
  /** The number of attempts. */
  attempts: 'x-attempts',
  /** The time of the first failure. */
  firstFailedAt: 'x-first-failed-at',
} as const

/** The verdict on a failed delivery: try it again later, or put it aside for the operator. */
export type Failure = { verdict: 'retry' | 'dead-letter'; reason: string }

/**
 * Reads a delivery as a message of the given type.
 * @throws {InvalidMessage} when it is not one; trying again would not help.
 */
export function readDelivery<Type extends MessageType>(type: Type, delivery: ConsumeMessage): Message<Type> {
  if (delivery.content.length > MESSAGE_BYTES_MAX)
    throw new InvalidMessage(`it is longer than ${MESSAGE_BYTES_MAX} bytes`)
  const message = checkedMessage(type, parsedJson(delivery.content))
  if (delivery.properties.messageId !== message.id)
    throw new InvalidMessage('its messageId is not the id of the event')
  return message
}

function parsedJson(content: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content))
  } catch {
    throw new InvalidMessage('it is not JSON in UTF-8')
  }
}

/**
 * What a handler's error means for the message. An invalid or refused message is put aside at once. A message that
 * met an outage is tried for as long as the outage lasts. Any other is tried `attemptsMax` times.
 */
export function failureOf(error: unknown, attempts: number, attemptsMax: number): Failure {
  if (error instanceof InvalidMessage)
    return { verdict: 'dead-letter', reason: `invalid message: ${error.reason}` }
  if (error instanceof DomainError) return { verdict: 'dead-letter', reason: `refused: ${error.code}` }
  const reason = `failed: ${kindOf(error)}`
  if (error instanceof DependencyUnavailable || error instanceof OutcomeUnknown)
    return { verdict: 'retry', reason }
  return { verdict: attempts < attemptsMax ? 'retry' : 'dead-letter', reason }
}

/** The number of attempts at this delivery, including this one. */
export function attemptsOf(delivery: ConsumeMessage): number {
  const earlier: unknown = delivery.properties.headers?.[FAILURE_HEADERS.attempts]
  return typeof earlier === 'number' && Number.isSafeInteger(earlier) && earlier > 0 ? earlier + 1 : 1
}

/**
 * The message to publish elsewhere after a failure: the same content, but only the headers known here, so that no
 * unknown header can make it unpublishable.
 */
export function copyOf(
  delivery: ConsumeMessage,
  to: { exchange: string; routingKey: string },
  failed: { reason: string; attempts: number; now: Date },
): Publication {
  const { messageId, type, contentType, headers } = delivery.properties
  const firstFailedAt: unknown = headers?.[FAILURE_HEADERS.firstFailedAt]
  const traceparent: unknown = headers?.['traceparent']
  return {
    ...to,
    ...(typeof messageId === 'string' ? { messageId } : {}),
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof contentType === 'string' ? { contentType } : {}),
    content: delivery.content,
    headers: {
      ...(typeof traceparent === 'string' ? { traceparent: traceparent.slice(0, 55) } : {}),
      [FAILURE_HEADERS.reason]: failed.reason.slice(0, 300),
      [FAILURE_HEADERS.attempts]: failed.attempts,
      [FAILURE_HEADERS.firstFailedAt]:
        typeof firstFailedAt === 'string' ? firstFailedAt.slice(0, 32) : failed.now.toISOString(),
    },
  }
}

/** The kind of an error, in words that reveal nothing of a statement or a person. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const details = ['dependency', 'code'].map((key): unknown => Reflect.get(error, key))
  return [error.name, ...details.filter((detail) => typeof detail === 'string')].join(' ')
}
