import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler'
import { type Message, type MessageType, messages } from '../api/messages.ts'
import { textFault } from '../api/text/free-text.ts'

/** A message that does not match its schema. `reason` names the place and the fault, never a value. */
export class InvalidMessage extends Error {
  override readonly name = 'InvalidMessage'
  readonly reason: string

  constructor(reason: string) {
    super(`message is not valid: ${reason}`)
    this.reason = reason
  }
}

const checks: { [Type in MessageType]: TypeCheck<(typeof messages)[Type]> } = {
  'order.cancelled.v1': TypeCompiler.Compile(messages['order.cancelled.v1']),
  'stock.released.v1': TypeCompiler.Compile(messages['stock.released.v1']),
  'order.changed.v1': TypeCompiler.Compile(messages['order.changed.v1']),
}

/**
 * The value as a message of the given type.
 * @throws {InvalidMessage} when it is not one.
 */
export function checkedMessage<Type extends MessageType>(type: Type, value: unknown): Message<Type> {
  const check = checks[type]
  if (check.Check(value)) return value
  const error = check.Errors(value).First()
  const fault = error && (textFault(error)?.code ?? error.message)
  throw new InvalidMessage(error ? `${error.path || '/'}: ${fault}` : 'unknown')
}
