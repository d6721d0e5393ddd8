import { t } from 'elysia'
import { ORDER_LINES_MAX, QUANTITY_MAX } from './inventory.ts'
import { defineApi } from './operation.ts'
import {
  AMOUNT_MINOR_MAX,
  amountMinor,
  currency,
  cursor,
  id,
  instant,
  integer,
  limit,
  maybeLine,
  maybeReference,
  oneOf,
  page,
  prose,
  upTo,
  writtenInstant,
} from './schema.ts'
import { text } from './text/free-text.ts'

/** The states of an order. DELIVERED, CANCELLED and REJECTED are final. */
export const ORDER_STATUSES = [
  'PENDING',
  'AWAITING_PAYMENT',
  'CONFIRMED',
  'PARTIALLY_SHIPPED',
  'SHIPPED',
  'DELIVERED',
  'CANCELLED',
  'REJECTED',
] as const

/** How many of the orders that still need somebody are named. */
export const OPEN_ORDERS_MAX = 20

/** The states of one seller's part of an order. */
export const PART_STATUSES = ['AWAITING_SHIPMENT', 'SHIPPED', 'DELIVERED', 'CANCELLED'] as const

/** The ways to pay. */
export const PAYMENT_TYPES = ['CARD', 'UPI', 'NET_BANKING', 'CASH_ON_DELIVERY'] as const

/** The states of a payment. */
export const PAYMENT_STATUSES = [
  'PENDING',
  'AUTHORISED',
  'CAPTURED',
  'DECLINED',
  'VOIDED',
  'DUE_ON_DELIVERY',
  'COLLECTED',
] as const

/** The states of a refund. RELEASED: the money had only been set aside, and was let go of instead of taken. */
export const REFUND_STATUSES = ['PENDING', 'REFUNDED', 'RELEASED'] as const

/** Why an order was rejected. */
export const REJECTION_REASONS = [
  'OUT_OF_STOCK',
  'PRODUCT_GONE',
  'PRICE_CHANGED',
  'RESERVATION_EXPIRED',
  'PAYMENT_NOT_MADE',
  'NOT_COMPLETED_IN_TIME',
] as const

/** How often one order can be tried to be paid: a card that was declined so often is not somebody's own. */
export const PAYMENT_ATTEMPTS_MAX = 20
/** How many cancellations and refunds are shown with their order: the latest. All of them are lists of their own. */
export const LATEST_SHOWN = 20

/** What could be ordered before totals had a bound: it is not taken any more, but what is kept can be read. */
const TOTAL_KEPT_MINOR_MAX = AMOUNT_MINOR_MAX * ORDER_LINES_MAX * QUANTITY_MAX.line

/** A sum over several units or lines, as it is kept. */
function sumMinor(description: string) {
  return integer({ minimum: 0, maximum: TOTAL_KEPT_MINOR_MAX, description, examples: [1_999] })
}

const orderId = id('The id of the order')
const orderParams = t.Object({ orderId })
const productId = id('The id of the product')
const quantity = integer({ minimum: 1, maximum: QUANTITY_MAX.line, description: 'How many' })

/** What each way to pay needs to know, and nothing else. */
export const PAYMENT_NEEDS = {
  CARD: 'cardToken',
  UPI: 'upiId',
  NET_BANKING: 'bankCode',
  CASH_ON_DELIVERY: null,
} as const satisfies Record<(typeof PAYMENT_TYPES)[number], string | null>

/** How a buyer wants to pay. What each type needs besides is checked together. */
export const paymentChoice = t.Object(
  {
    type: oneOf(PAYMENT_TYPES, 'How to pay'),
    cardToken: t.Optional(
      t.String({
        pattern: '^tok_[a-z]+_[0-9]{4}$',
        maxLength: 64,
        description:
          'For CARD: the token that the payment provider gave for the card; never a card number. In the sandbox: tok_visa_4242 succeeds, tok_declined_0002 is declined, tok_timeout_0044 is answered too late',
        examples: ['tok_visa_4242'],
      }),
    ),
    upiId: t.Optional(
      t.String({
        pattern: '^[a-z0-9.-]{2,64}@[a-z]{2,32}$',
        maxLength: 97,
        description: 'For UPI: the virtual payment address',
        examples: ['ada@upi'],
      }),
    ),
    bankCode: t.Optional(
      t.String({
        pattern: '^[A-Z]{4}[A-Z0-9]{0,7}$',
        maxLength: 11,
        description: 'For NET_BANKING: the code of the bank',
        examples: ['HDFC'],
      }),
    ),
  },
  {
    title: 'PaymentChoice',
    'x-needs': PAYMENT_NEEDS,
    description:
      'CARD wants cardToken, UPI wants upiId, NET_BANKING wants bankCode, CASH_ON_DELIVERY nothing',
    examples: [{ type: 'CARD', cardToken: 'tok_visa_4242' }],
  },
)

const address = t.Object(
  {
    recipient: text({ maxLength: 120 }),
    line1: text({ maxLength: 120 }),
    line2: t.Optional(text({ maxLength: 120 })),
    city: text({ maxLength: 80 }),
    region: t.Optional(text({ maxLength: 80 })),
    postalCode: t.Optional(text({ maxLength: 16 })),
    country: text({ maxLength: 2 }),
  },
  {
    title: 'PostalAddress',
    description: 'As it was when the order was placed',
    examples: [
      {
        recipient: 'Ada Lovelace',
        line1: 'Unter den Linden 5',
        city: 'Berlin',
        postalCode: '10117',
        country: 'DE',
      },
    ],
  },
)

const orderLine = t.Object(
  {
    productId,
    sellerId: id('Who sells it'),
    name: text({
      maxLength: 120,
      description: 'Its name when the order was placed',
      examples: ['Blue enamel kettle'],
    }),
    unitPriceMinor: amountMinor('Its price when the order was placed'),
    quantity,
    cancelledQuantity: integer({
      minimum: 0,
      maximum: QUANTITY_MAX.line,
      description: 'How many of them were cancelled',
    }),
  },
  { title: 'OrderLine' },
)

const shipmentFields = {
  carrier: t.Union([text({ maxLength: 60 }), t.Null()], { examples: [null] }),
  trackingNumber: t.Union([text({ maxLength: 60 }), t.Null()], { examples: [null] }),
  shippedAt: t.Union([instant('When it was sent'), t.Null()], { examples: [null] }),
  deliveredAt: t.Union([instant('When it arrived'), t.Null()], { examples: [null] }),
}

const part = t.Object(
  {
    sellerId: id('Who sends it'),
    status: oneOf(PART_STATUSES, 'How far it is'),
    ...shipmentFields,
  },
  { title: 'OrderPart' },
)

const payment = t.Object(
  {
    id: id('The id of the payment'),
    type: oneOf(PAYMENT_TYPES, 'How it is paid'),
    status: oneOf(PAYMENT_STATUSES, 'How far it is', 'AUTHORISED'),
    amountMinor: sumMinor(
      'How much: with CASH_ON_DELIVERY what is left to pay at the door, else what is taken, of which refunds are given back',
    ),
    currency,
    lastFour: t.Union([
      text({ maxLength: 4, description: 'The last four digits of the card', examples: ['4242'] }),
      t.Null(),
    ]),
    provider: text({
      maxLength: 32,
      description: '`sandbox` moves no real money',
      examples: ['sandbox'],
    }),
    createdAt: instant('When it was begun'),
  },
  { title: 'Payment' },
)

/** What is given back for a cancellation. */
export const refund = t.Object(
  {
    id: id('The id of the refund'),
    cancellationId: id('The cancellation it is for'),
    amountMinor: sumMinor('How much'),
    status: oneOf(
      REFUND_STATUSES,
      'Whether the money is on its way back; RELEASED when it had only been set aside and was never taken',
    ),
    createdAt: instant('When it was due'),
    refundedAt: t.Union([instant('When the provider took it on'), t.Null()], { examples: [null] }),
  },
  { title: 'Refund' },
)

/** What was cancelled of an order at once. */
export const cancellation = t.Object(
  {
    id: id('The id of the cancellation'),
    reason: text({ maxLength: 500, examples: ['Changed my mind'] }),
    lines: t.Array(t.Object({ productId, quantity }), { maxItems: ORDER_LINES_MAX }),
    cancelledAt: instant('When'),
    stockRestoredAt: t.Union([
      instant('When it was noted that the stock is back; null until then'),
      t.Null(),
    ]),
  },
  { title: 'Cancellation' },
)

/** An order as its buyer sees it. */
export const order = t.Object(
  {
    id: orderId,
    status: oneOf(ORDER_STATUSES, 'How far it is', 'CONFIRMED'),
    rejectionReason: t.Union([oneOf(REJECTION_REASONS, 'Why'), t.Null()], { examples: [null] }),
    currency,
    totalMinor: sumMinor('What was ordered, at the prices of that moment'),
    payableMinor: sumMinor('What of it is to be paid after cancellations; nothing once it is rejected'),
    placedAt: instant('When'),
    payBy: t.Union([instant('Until when an order that awaits payment is kept'), t.Null()], {
      examples: [null],
    }),
    shipTo: address,
    lines: t.Array(orderLine, { maxItems: ORDER_LINES_MAX }),
    parts: t.Array(part, {
      maxItems: ORDER_LINES_MAX,
      description: 'One for each seller, once the order is confirmed',
    }),
    payment,
    cancellations: t.Array(cancellation, {
      maxItems: LATEST_SHOWN,
      description: `The latest ${LATEST_SHOWN}, the oldest of them first; all are at /orders/{orderId}/cancellations`,
      examples: [[]],
    }),
  },
  { title: 'Order' },
)

/** An order that is kept and still being completed: the same, with an example of its own. */
const pendingOrder = t.Object(order.properties, {
  title: 'Order',
  'x-example': { status: 'PENDING', parts: [] },
})

/** An order in a list. */
export const orderSummary = t.Object(
  {
    id: orderId,
    status: oneOf(ORDER_STATUSES, 'How far it is', 'CONFIRMED'),
    currency,
    totalMinor: sumMinor('What was ordered'),
    placedAt: instant('When'),
    lines: t.Array(
      t.Object({ productId, name: text({ maxLength: 120, examples: ['Blue enamel kettle'] }), quantity }),
      { maxItems: ORDER_LINES_MAX },
    ),
  },
  { title: 'OrderSummary' },
)

const sale = t.Object(
  {
    orderId,
    status: oneOf(PART_STATUSES, 'How far your part is'),
    placedAt: instant('When it was ordered'),
    currency,
    subtotalMinor: sumMinor('Your part of the order after cancellations'),
    shipTo: address,
    lines: t.Array(orderLine, { maxItems: ORDER_LINES_MAX }),
    ...shipmentFields,
  },
  { title: 'Sale' },
)

/** Something that happened to an order. */
export const event = t.Object(
  {
    type: text({ maxLength: 64, description: 'What happened', examples: ['PLACED'] }),
    actor: oneOf(['BUYER', 'SELLER', 'SYSTEM'], 'Who did it'),
    actorId: t.Union([id('Which buyer or seller'), t.Null()]),
    at: instant('When'),
    detail: t.Record(
      t.String(),
      t.Union([text({ maxLength: 4_000 }), t.Number({ minimum: -1e17, maximum: 1e17 })]),
      {
        maxProperties: 20,
        description: 'What belongs to it',
        examples: [{ totalMinor: 1_999 }],
      },
    ),
  },
  { title: 'OrderEvent' },
)

/** How many entries of what belongs to one order a page has: more than of other lists, most orders have fewer. */
const partsPage = t.Object({
  limit: t.Optional({
    ...limit,
    'x-integer': { minimum: 1, maximum: 100, default: 100 },
    description: 'Entries on a page, 1 to 100 (100 when not given)',
  }),
  cursor: t.Optional(cursor),
})

/** What is told of an order that was rejected; of one that was never kept only the products. */
const rejectedOver = t.Object({
  orderId: t.Optional(id('The order that was kept and rejected')),
  productIds: t.Optional(
    t.Array(id('A product'), { maxItems: ORDER_LINES_MAX, description: 'Which products' }),
  ),
})
const orderStatusOnly = t.Object({
  orderStatus: oneOf(
    [...ORDER_STATUSES, 'AWAITING_SHIPMENT'],
    'How far the order is, or your part of it',
    'SHIPPED',
  ),
})

/** Everything the order service does: orders of buyers, their payment, and the parts that sellers send. */
export const orderApi = defineApi({
  service: 'order',
  title: 'Bazaar Order',
  description:
    'Orders over one or several sellers, their payment, cancellation and history, and for sellers their part of each.',
  operations: {
    placeOrder: {
      method: 'POST',
      path: '/orders',
      detail: {
        tags: ['Orders'],
        summary: 'Place an order',
        description:
          'All of it is reserved or nothing; in all it may cost up to 1,000,000,000,000 minor units. Prices and names are frozen into the order, the address is copied. 201: look at `status` — CONFIRMED, or AWAITING_PAYMENT when the payment was declined and another way to pay can be chosen until `payBy`. 202: the order is kept as PENDING and is being completed; ask again with the same Idempotency-Key or read the order.',
      },
      access: { session: 'BUYER', others: 'have-their-own' },
      answerHeaders: ['Location'],
      body: t.Object({
        lines: t.Array(t.Object({ productId, quantity }), { minItems: 1, maxItems: ORDER_LINES_MAX }),
        addressId: id('One of your addresses'),
        payment: paymentChoice,
        expectedTotalMinor: t.Optional(amountMinor('The total you were shown; another one is refused')),
      }),
      idempotencyKey: true,
      response: { 201: order, 202: pendingOrder },
      problems: [
        'out-of-stock',
        'product-gone',
        'price-changed',
        'unknown-address',
        'unknown-product',
        'duplicate-product',
        'mixed-currencies',
        'total-too-large',
        'payment-incomplete',
        'order-rejected',
        'idempotency-key-in-use',
        'idempotency-key-expired',
        'too-many-unpaid-orders',
        'too-many-requests',
      ],
    },
    listOrders: {
      method: 'GET',
      path: '/orders',
      detail: { tags: ['Orders'], summary: 'List your orders, the newest first' },
      access: { session: 'BUYER', others: 'have-their-own' },
      query: t.Object({
        status: t.Optional(oneOf(ORDER_STATUSES, 'Only orders in this state')),
        placedFrom: t.Optional(writtenInstant('Only orders placed then or later; not after placedBefore')),
        placedBefore: t.Optional(writtenInstant('Only orders placed before then')),
        limit: t.Optional(limit),
        cursor: t.Optional(cursor),
      }),
      response: { 200: page(orderSummary) },
    },
    listOpenOrders: {
      method: 'GET',
      path: '/open-orders',
      detail: {
        tags: ['Orders'],
        summary: 'List the orders that keep you from closing your account',
        description: `For a buyer those that are not settled or not sent in full; for a seller those with goods of theirs that are not settled, not sent or not said to have arrived. The oldest ${OPEN_ORDERS_MAX}.`,
      },
      access: { session: 'any', others: 'have-their-own' },
      response: {
        200: t.Object({
          orderIds: t.Array(id('An order that still needs you'), { maxItems: OPEN_ORDERS_MAX }),
          more: t.Boolean({ description: 'Whether there are others', examples: [false] }),
        }),
      },
    },
    readOrder: {
      method: 'GET',
      path: '/orders/:orderId',
      detail: { tags: ['Orders'], summary: 'Read one of your orders' },
      access: { session: 'BUYER', others: 'not-found' },
      params: orderParams,
      response: { 200: order },
      problems: ['not-found'],
    },
    readHistory: {
      method: 'GET',
      path: '/orders/:orderId/history',
      detail: {
        tags: ['Orders'],
        summary: 'Read everything that happened to one of your orders, in order',
        description: 'In pages: go on with `next` until it is null, the end is what happened last.',
      },
      access: { session: 'BUYER', others: 'not-found' },
      params: orderParams,
      query: partsPage,
      response: { 200: page(event) },
      problems: ['not-found'],
    },
    cancelOrder: {
      method: 'POST',
      path: '/orders/:orderId/cancel',
      detail: {
        tags: ['Orders'],
        summary: 'Cancel one of your orders, or some of it',
        description:
          'Without `lines` the whole order, which must not have been shipped. With `lines` those quantities of what was not shipped yet, also while it awaits payment; not while it is PENDING, then only the whole. The stock comes back and the money is refunded; the order shows when.',
      },
      access: { session: 'BUYER', others: 'not-found' },
      params: orderParams,
      body: t.Object(
        {
          reason: t.Optional(
            t.Union([prose({ maxLength: 500, description: 'Why, for the sellers' }), t.Null()]),
          ),
          lines: t.Optional(
            t.Array(t.Object({ productId, quantity }), { minItems: 1, maxItems: ORDER_LINES_MAX }),
          ),
        },
        { examples: [{ reason: 'Changed my mind' }] },
      ),
      idempotencyKey: true,
      response: { 200: order },
      problems: [
        'not-found',
        'illegal-transition',
        'already-shipped',
        'more-than-ordered',
        'duplicate-product',
      ],
    },
    listCancellations: {
      method: 'GET',
      path: '/orders/:orderId/cancellations',
      detail: {
        tags: ['Orders'],
        summary: 'List what was cancelled of one of your orders, the oldest first',
      },
      access: { session: 'BUYER', others: 'not-found' },
      params: orderParams,
      query: partsPage,
      response: { 200: page(cancellation) },
      problems: ['not-found'],
    },
    listRefunds: {
      method: 'GET',
      path: '/orders/:orderId/refunds',
      detail: {
        tags: ['Payment'],
        summary: 'List the refunds of one of your orders, the oldest first',
      },
      access: { session: 'BUYER', others: 'not-found' },
      params: orderParams,
      query: partsPage,
      response: { 200: page(refund) },
      problems: ['not-found'],
    },
    readPayment: {
      method: 'GET',
      path: '/orders/:orderId/payment',
      detail: { tags: ['Payment'], summary: 'Read the payment details of one of your orders, with refunds' },
      access: { session: 'BUYER', others: 'not-found' },
      params: orderParams,
      response: {
        200: t.Object({
          payment,
          earlierAttempts: t.Array(payment, { maxItems: PAYMENT_ATTEMPTS_MAX }),
          refunds: t.Array(refund, {
            maxItems: LATEST_SHOWN,
            description: `The latest ${LATEST_SHOWN}, the oldest of them first; all are at /orders/{orderId}/refunds`,
          }),
        }),
      },
      problems: ['not-found'],
    },
    payOrder: {
      method: 'POST',
      path: '/orders/:orderId/payments',
      detail: {
        tags: ['Payment'],
        summary: 'Pay an order whose payment was declined in another way',
        description: `What is paid is what is left of the order. It can be tried ${PAYMENT_ATTEMPTS_MAX} times in all.`,
      },
      access: { session: 'BUYER', others: 'not-found' },
      answerHeaders: ['Location'],
      params: orderParams,
      body: t.Object({ payment: paymentChoice }),
      idempotencyKey: true,
      response: { 201: order, 202: pendingOrder },
      problems: [
        'not-found',
        'illegal-transition',
        'payment-incomplete',
        'too-many-payment-attempts',
        'order-rejected',
        'idempotency-key-in-use',
        'out-of-stock',
        'product-gone',
        'price-changed',
      ],
    },
    listSales: {
      method: 'GET',
      path: '/sales',
      detail: { tags: ['Sales'], summary: 'List your parts of orders, the newest first' },
      access: { session: 'SELLER', others: 'have-their-own' },
      query: t.Object({
        status: t.Optional(oneOf(PART_STATUSES, 'Only parts in this state')),
        limit: t.Optional(limit),
        cursor: t.Optional(cursor),
      }),
      response: { 200: page(sale) },
    },
    readSale: {
      method: 'GET',
      path: '/sales/:orderId',
      detail: { tags: ['Sales'], summary: 'Read your part of an order' },
      access: { session: 'SELLER', others: 'not-found' },
      params: orderParams,
      response: { 200: sale },
      problems: ['not-found'],
    },
    shipSale: {
      method: 'POST',
      path: '/sales/:orderId/shipment',
      detail: {
        tags: ['Sales'],
        summary: 'Confirm that you sent your part of an order',
        description:
          'Repeatable, also after the delivery. A carrier or tracking number that was not given before is taken; one that was given stays, and another one is refused.',
      },
      access: { session: 'SELLER', others: 'not-found' },
      params: orderParams,
      body: t.Object(
        {
          carrier: t.Optional(maybeLine({ maxLength: 60 })),
          trackingNumber: t.Optional(maybeReference({ maxLength: 60 })),
        },
        { examples: [{ carrier: 'DHL', trackingNumber: '00340434161094027318' }] },
      ),
      response: { 200: sale },
      problems: ['not-found', 'illegal-transition', 'shipment-differs'],
    },
    deliverSale: {
      method: 'POST',
      path: '/sales/:orderId/delivery',
      detail: {
        tags: ['Sales'],
        summary: 'Confirm that your part of an order arrived',
        description: 'Repeatable.',
      },
      access: { session: 'SELLER', others: 'not-found' },
      params: orderParams,
      response: { 200: sale },
      problems: ['not-found', 'illegal-transition'],
    },
  },
  problems: {
    'out-of-stock': { status: 409, title: 'There is not enough in stock', members: rejectedOver },
    'product-gone': { status: 409, title: 'The product is no longer sold', members: rejectedOver },
    'price-changed': {
      status: 409,
      title: 'The price has changed',
      members: t.Object({
        ...rejectedOver.properties,
        totalMinor: t.Optional(sumMinor('What all of it costs now, when another total was expected')),
      }),
    },
    'order-rejected': {
      status: 409,
      title: 'The order could not be completed',
      members: t.Object({ orderId: rejectedOver.properties.orderId }),
    },
    'illegal-transition': {
      status: 409,
      title: 'The state of the order does not allow this',
      members: orderStatusOnly,
    },
    'already-shipped': { status: 409, title: 'It has already shipped', members: orderStatusOnly },
    'shipment-differs': { status: 409, title: 'It was sent with another carrier or tracking number' },
    'more-than-ordered': { status: 409, title: 'There is less than that left to cancel' },
    'too-many-unpaid-orders': {
      status: 409,
      title: 'There are too many unpaid orders',
      members: t.Object({ limit: upTo('How many there may be', 20) }),
    },
    'too-many-payment-attempts': {
      status: 409,
      title: 'The payment was declined too often',
      members: t.Object({ limit: upTo('How many there may be', 20) }),
    },
    'idempotency-key-expired': { status: 409, title: 'This Idempotency-Key was used long ago' },
    'unknown-address': { status: 422, title: 'You have no such address' },
    'unknown-product': { status: 422, title: 'There is no such product' },
    'duplicate-product': { status: 422, title: 'A product is named twice' },
    'mixed-currencies': { status: 422, title: 'The products are sold in different currencies' },
    'total-too-large': { status: 422, title: 'The order exceeds the limit for one order' },
    'payment-incomplete': { status: 422, title: 'The payment details are not complete' },
  },
})
