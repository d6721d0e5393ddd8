import { randomUUID } from 'node:crypto'
import { MESSAGE_BYTES_MAX, type MessageType, messages } from '@bazaar/shared/api/messages'
import { type JsonObject, tidySchema } from '@bazaar/shared/http/docs/openapi-schema'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import type { Letter } from '../system/broker.ts'
import { nasty, valuesOf } from './arbitrary-values.ts'
import { leavesOf, withoutValue, withValue } from './leaves.ts'

const ajv = new Ajv2020({ strict: false, validateFormats: false })
const MESSAGE_TYPES: readonly MessageType[] = ['order.cancelled.v1', 'stock.released.v1', 'order.changed.v1']
const validators = new Map(MESSAGE_TYPES.map((type) => [type, ajv.compile(schemaOf(type))]))

/** A message, what it is called, and whether whoever gets it should take it for a message at all. */
export type Sent = Letter & { type: MessageType; isValid: boolean; what: string }

/** One for all, as there are thousands of such messages. */
const TOO_LONG = Buffer.alloc(MESSAGE_BYTES_MAX + 1, ' ')

/** Headers that a stranger may set, to confuse whoever counts attempts or goes on with a trace. */
const HEADERS: readonly Record<string, unknown>[] = [
  {},
  { 'x-attempts': 'many' },
  { 'x-attempts': -5 },
  { 'x-attempts': 1e15, 'x-first-failed-at': 'x'.repeat(10_000) },
  { 'x-reason': 'none', traceparent: '00-\r\nx: y' },
  { 'x-death': [{ count: 99, queue: 'x' }], 'x-delivery-count': 99 },
]

/** Messages of all types: some as they should be, about things that nobody has, and most of them wrong. */
export function letters(ids: readonly string[]): fc.Arbitrary<Sent> {
  return fc.oneof(...MESSAGE_TYPES.map((type) => lettersOf(type, ids)))
}

function lettersOf(type: MessageType, ids: readonly string[]): fc.Arbitrary<Sent> {
  const schema = schemaOf(type)
  const right = valuesOf(schema, ids).map((value) => withNewIds(type, value))
  return fc
    .tuple(right, changes(schema), fc.constantFrom(...HEADERS), fc.boolean())
    .map(([value, { what, change }, headers, isNamedAfterIt]) =>
      asSent(type, {
        what,
        content: change(value),
        headers,
        isNamedAfterIt: isNamedAfterIt || what === 'nothing',
      }),
    )
}

type Change = { what: string; change: (value: unknown) => Buffer }

function changes(schema: JsonObject): fc.Arbitrary<Change> {
  const leaf = fc.constantFrom(...leavesOf(schema))
  const json = (what: string, change: (value: unknown) => unknown): Change => ({
    what,
    change: (value) => Buffer.from(JSON.stringify(change(value)) ?? ''),
  })
  return fc.oneof(
    fc.constant(json('nothing', (value) => value)),
    fc.tuple(leaf, nasty).map(([{ path }, put]) => json('a value', (value) => withValue(value, path, put))),
    fc.tuple(leaf, nasty).map(([{ path }, put]) => json('a value', (value) => withValue(value, path, put))),
    leaf.map(({ path }) => json('a property left out', (value) => withoutValue(value, path))),
    fc.constant(json('an unknown property', (value) => ({ ...Object(value), later: 1 }))),
    fc.constant(json('another version', (value) => ({ ...Object(value), type: 'order.cancelled.v2' }))),
    nasty.map((put) => json('all of it', () => put)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ what: 'bytes', change: () => Buffer.from(bytes) })),
    fc.nat().map((at) => ({ what: 'a byte', change: (value: unknown) => corrupted(value, at) })),
    {
      arbitrary: fc.constant({ what: 'its size', change: () => TOO_LONG }),
      weight: 1,
    },
  )
}

function corrupted(value: unknown, at: number): Buffer {
  const bytes = Buffer.from(JSON.stringify(value))
  bytes[at % bytes.length] = 0xff
  return bytes
}

function asSent(
  type: MessageType,
  made: { what: string; content: Buffer; headers: Record<string, unknown>; isNamedAfterIt: boolean },
): Sent {
  const { what, content, headers, isNamedAfterIt } = made
  const message = parsed(content)
  const id: unknown = Object(message)['id']
  const messageId = isNamedAfterIt && isName(id) ? id : randomUUID()
  const isValid =
    content.length <= MESSAGE_BYTES_MAX &&
    validators.get(type)?.(message) === true &&
    JSON.stringify(message).isWellFormed() &&
    messageId === id
  return { type, routingKey: type, messageId, content, headers, isValid, what }
}

/** Whether the broker carries it as it is: half of a character would come back as another one. */
function isName(id: unknown): id is string {
  return typeof id === 'string' && id.length < 200 && id.isWellFormed()
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content))
  } catch {
    // It is no message, which is what it was made for.
    return undefined
  }
}

/** Of its own identity a message has a new one each time, and it is about an order that nobody placed. */
function withNewIds(type: MessageType, value: unknown): unknown {
  const { data, ...message } = Object(value)
  return { ...message, id: randomUUID(), type, data: { ...data, orderId: randomUUID() } }
}

function schemaOf(type: MessageType): JsonObject {
  const schema: JsonObject = JSON.parse(JSON.stringify(messages[type]))
  return tidySchema(schema)
}
