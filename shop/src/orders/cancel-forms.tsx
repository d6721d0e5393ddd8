import { newKey, type Order } from '@bazaar/client'
import { Field, Form, Refused, type Typing } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'
import type { OrderTyping } from './order-page.tsx'

const WHOLE: readonly Order['status'][] = ['PENDING', 'AWAITING_PAYMENT', 'CONFIRMED']
const IN_PART: readonly Order['status'][] = ['AWAITING_PAYMENT', 'CONFIRMED', 'PARTIALLY_SHIPPED']

/** What can still be cancelled: all of it while nothing was sent, or some of what was not. */
export function CancelForms(props: { visit: Visit; order: Order; tried: OrderTyping | undefined }) {
  const { visit, order, tried } = props
  const { words } = visit
  const typing: Typing = tried && tried.part !== 'pay' ? tried : { typed: {} }
  const can = whatCanBeCancelled(order)
  const isTried = tried !== undefined && tried.part !== 'pay'
  if (!can.whole && !can.part) return null
  const keyOf = (part: OrderTyping['part']) => (tried?.part === part ? tried.key : newKey())
  return (
    <details class="panel" open={isTried}>
      <summary>{words.order.cancel}</summary>
      <Refused visit={visit} refusal={typing.refusal} />
      {can.whole && (
        <Form visit={visit} action={`/orders/${order.id}/cancel`}>
          <input type="hidden" name="key" value={keyOf('cancel')} />
          <Field {...typing} scope="all" name="reason" label={words.order.reason} maxLength={200} />
          <button type="submit" class="danger">
            {words.order.cancelAll}
          </button>
        </Form>
      )}
      {can.part && (
        <Form visit={visit} action={`/orders/${order.id}/cancel`}>
          <h3>{words.order.cancelSome}</h3>
          <input type="hidden" name="key" value={keyOf('cancel-some')} />
          <input type="hidden" name="part" value="some" />
          {can.lines.map(({ productId, name, left }) => (
            <div class="field">
              <input type="hidden" name="productId" value={productId} />
              <label for={`cancel-${productId}`}>{words.order.toCancel(name)}</label>
              <input
                id={`cancel-${productId}`}
                name={`quantity-${productId}`}
                type="number"
                min={0}
                max={left}
                value={typing.typed[`quantity-${productId}`] ?? '0'}
              />
            </div>
          ))}
          <Field {...typing} scope="some" name="reason" label={words.order.reason} maxLength={200} />
          <button type="submit" class="danger">
            {words.order.cancelSomeSubmit}
          </button>
        </Form>
      )}
    </details>
  )
}

/** Whether all of an order can be cancelled, whether some of it can, and the units that are neither sent nor cancelled. */
export function whatCanBeCancelled(order: Order) {
  const lines = openLines(order)
  const units = lines.reduce((sum, { left }) => sum + left, 0)
  return {
    whole: WHOLE.includes(order.status),
    part: IN_PART.includes(order.status) && units > 1,
    lines,
  }
}

function openLines(order: Order) {
  const isSent = (sellerId: string) =>
    order.parts.some((part) => part.sellerId === sellerId && part.status !== 'AWAITING_SHIPMENT')
  return order.lines.flatMap((line) => {
    const left = line.quantity - line.cancelledQuantity
    return left > 0 && !isSent(line.sellerId) ? [{ ...line, left }] : []
  })
}
