import { t } from 'elysia'
import { amountMinor, currency, idInMessage, instant, integer, line, oneOf, prose } from './schema.ts'
import { text } from './text/free-text.ts'

/** The most lines that a message may have: twice as many as an order of today, so that the limit of orders can grow first. */
export const MESSAGE_LINES_MAX = 100

/** The most bytes a message may have. One of 100 lines with long names has about 80,000. */
export const MESSAGE_BYTES_MAX = 256 * 1024

const orderCancelled = t.Object(
  {
    orderId: idInMessage('The order of which something was cancelled'),
    cancellationId: idInMessage('This cancellation; an order can be cancelled in parts'),
    lines: t.Array(
      t.Object(
        {
          productId: idInMessage('The product'),
          quantity: integer({ minimum: 1, maximum: 1_000_000, description: 'How many no longer go out' }),
        },
        { title: 'CancelledLine' },
      ),
      { minItems: 1, maxItems: MESSAGE_LINES_MAX },
    ),
    reason: prose({
      maxLength: 500,
      description:
        'Why: the words of the person who cancelled, or the code of a rejection such as OUT_OF_STOCK',
      examples: ['Changed my mind'],
    }),
    cancelledAt: instant('When'),
  },
  { title: 'OrderCancelled' },
)

const stockReleased = t.Object(
  {
    orderId: idInMessage('The order'),
    cancellationId: idInMessage('The cancellation that was carried out'),
    releasedAt: instant('When the stock was given back'),
  },
  { title: 'StockReleased' },
)

/** What happens to an order and its people are told. */
export const ORDER_CHANGES = [
  'CONFIRMED',
  'REJECTED',
  'SHIPPED',
  'DELIVERED',
  'CANCELLED',
  'PARTLY_CANCELLED',
] as const

const orderChanged = t.Object(
  {
    orderId: idInMessage('The order'),
    buyerId: idInMessage('The buyer of it'),
    change: oneOf(ORDER_CHANGES, 'What happened to it'),
    isSold: t.Boolean({ description: 'Whether it was confirmed, so that its sellers know of it' }),
    currency,
    lines: t.Array(
      t.Object(
        {
          sellerId: idInMessage('The seller of the product'),
          name: text({ maxLength: 120, description: 'Its name when it was ordered', examples: ['Kettle'] }),
          quantity: integer({ minimum: 1, maximum: 1_000_000, description: 'How many this is about' }),
          unitPriceMinor: amountMinor('The price of one'),
        },
        { title: 'ChangedLine' },
      ),
      { minItems: 1, maxItems: MESSAGE_LINES_MAX, description: 'What of the order this is about' },
    ),
    givenBackMinor: amountMinor('How much of what was paid is given back'),
    rejectionReason: orNull({
      maxLength: 64,
      description: 'Why it was rejected',
      examples: ['OUT_OF_STOCK'],
    }),
    carrier: orNull({ maxLength: 60, description: 'Who brings it', examples: ['DHL'] }),
    trackingNumber: orNull({
      maxLength: 60,
      description: 'Under which number',
      examples: ['00340434161094'],
    }),
  },
  { title: 'OrderChanged' },
)

/**
 * Every message between the services: a CloudEvents 1.0 event in JSON (structured mode). Its type is its
 * routing key. Within a version only optional fields may be added, so unknown ones are let through.
 * Format: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export const messages = {
  'order.cancelled.v1': cloudEvent('order.cancelled.v1', orderCancelled),
  'stock.released.v1': cloudEvent('stock.released.v1', stockReleased),
  'order.changed.v1': cloudEvent('order.changed.v1', orderChanged),
} as const

/** The name of a kind of message: noun, past verb, version. */
export type MessageType = keyof typeof messages

/** A message of one type, as it travels. */
export type Message<Type extends MessageType> = (typeof messages)[Type]['static']

/** What a message of one type says. */
export type MessageData<Type extends MessageType> = Message<Type>['data']

function cloudEvent<const Type extends string, Data extends ReturnType<typeof t.Object>>(
  type: Type,
  data: Data,
) {
  return t.Object(
    {
      specversion: t.Literal('1.0'),
      id: idInMessage('The id of this event; what is delivered twice is handled once by it'),
      source: t.String({
        pattern: '^/bazaar/[a-z]{1,32}$',
        description: 'The service that says so',
        maxLength: 64,
        examples: ['/bazaar/order'],
      }),
      type: t.Literal(type),
      subject: line({
        maxLength: 64,
        description: 'The id of what it is about',
        examples: ['019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10'],
      }),
      time: instant('When it happened'),
      datacontenttype: t.Literal('application/json'),
      dataschema: t.Optional(text({ maxLength: 256, description: 'Where the schema of `data` is' })),
      traceparent: t.Optional(
        t.String({
          pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
          maxLength: 55,
          description:
            'W3C trace context of the action that caused it (CloudEvents distributed tracing extension)',
        }),
      ),
      data,
    },
    { title: `${data.title}Event` },
  )
}

function orNull(words: Parameters<typeof text>[0]) {
  return t.Union([text(words), t.Null()])
}
