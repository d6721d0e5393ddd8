import { test } from 'bun:test'
import { MatchersV3 } from '@pact-foundation/pact'
import { IDS } from '../examples.ts'
import { type OrderStates, statesOf } from '../states.ts'
import { agreeOnMessage } from './agree-on-message.ts'
import { anId, anInstant } from './answers.ts'
import { openPact } from './pact.ts'

/* What inventory needs of the order service: to hear what was cancelled, so that it can put the stock back. */

const pact = openPact('inventory', 'order')
const given = statesOf<OrderStates>()

const orderId = IDS.order
const productId = IDS.product
const order = { orderId, productId, ordered: 3 }

const cases = [
  {
    description: 'a buyer cancels a part of his order',
    states: [given('a buyer has cancelled of an order', { ...order, cancelled: 1, reason: 'Too many' })],
    quantity: 1,
  },
  {
    description: 'a buyer cancels his order',
    states: [given('a buyer has cancelled of an order', { ...order, cancelled: 3, reason: 'Not needed' })],
    quantity: 3,
  },
  {
    description: 'an order is given up because it was not paid',
    states: [given('an order was given up because it was not paid', order)],
    quantity: 3,
  },
]

test.each(cases)('order.cancelled.v1: $description', ({ description, states, quantity }) =>
  agreeOnMessage(pact, {
    description: `order.cancelled.v1: ${description}`,
    given: states,
    type: 'order.cancelled.v1',
    id: anId(IDS.event),
    data: {
      orderId,
      cancellationId: anId(IDS.cancellation),
      lines: [{ productId, quantity }],
      reason: MatchersV3.string('Not needed'),
      cancelledAt: anInstant(),
    },
  }),
)
