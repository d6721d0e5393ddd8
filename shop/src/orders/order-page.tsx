import { newKey, type Order, type OrderEvent, type Refund } from '@bazaar/client'
import type { Page } from '../page/answer.tsx'
import { leftOf } from '../page/failure.ts'
import { Form, Refused, type Typing } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'
import { sellerName } from '../window/seller-page.tsx'
import { CancelForms, whatCanBeCancelled } from './cancel-forms.tsx'
import { PaymentFields } from './payment-choice.tsx'

/** Soon enough to be waited for, seldom enough to cost nothing. */
const REFRESH_SECONDS = 3

/** The form of the order page that was refused, with the key that it goes on with. */
export type OrderTyping = Typing & { part: 'pay' | 'cancel' | 'cancel-some'; key: string }

/** One order: how far it is, what is in it, what happened to it, and what can still be done. */
export async function orderPage(visit: Visit, orderId: string, tried?: OrderTyping): Promise<Page> {
  const { words, format, bazaar } = visit
  const [{ body: order }, { body: history }, { body: refunds }] = await Promise.all([
    bazaar.order.readOrder({ orderId }),
    bazaar.order.readHistory({ orderId }),
    bazaar.order.listRefunds({ orderId }),
  ])
  const names = await sellerNames(visit, order)
  const isThere = tried !== undefined && canBeSent(order, tried.part)
  const refusal = leftOf(tried?.refusal, isThere)
  return {
    title: words.order.title,
    status: refusal?.status ?? 200,
    ...(order.status === 'PENDING' ? { refreshSeconds: REFRESH_SECONDS } : {}),
    body: (
      <section class="narrow">
        <h1>
          {words.order.title}{' '}
          <span class={`badge ${order.status.toLowerCase()}`}>{words.orders.statuses[order.status]}</span>
        </h1>
        <p class="small">
          {words.orders.placed(format.instant(order.placedAt))} · {words.order.number} {order.id}
        </p>
        <Standing visit={visit} order={order} />
        {!isThere && <Refused visit={visit} refusal={refusal} />}
        {order.status === 'AWAITING_PAYMENT' && <PayAgain visit={visit} order={order} tried={tried} />}
        <Items visit={visit} order={order} names={names} />
        <Parcels visit={visit} order={order} names={names} />
        <Money visit={visit} order={order} refunds={refunds.items} />
        <Timeline visit={visit} events={history.items} />
        <CancelForms visit={visit} order={order} tried={tried} />
      </section>
    ),
  }
}

function canBeSent(order: Order, part: OrderTyping['part']): boolean {
  const can = whatCanBeCancelled(order)
  return { pay: order.status === 'AWAITING_PAYMENT', cancel: can.whole, 'cancel-some': can.part }[part]
}

async function sellerNames(visit: Visit, order: Order): Promise<Map<string, string>> {
  const ids = [...new Set(order.lines.map(({ sellerId }) => sellerId))]
  const { seller } = visit.words.order
  const named = await Promise.all(
    ids.map(async (id): Promise<[string, string]> => [id, (await sellerName(visit, id)) ?? seller]),
  )
  return new Map(named)
}

function Standing({ visit, order }: { visit: Visit; order: Order }) {
  const { words } = visit
  if (order.status === 'PENDING')
    return (
      <div class="waiting" role="status">
        <p>{words.order.pending}</p>
        <a href={`/orders/${order.id}`}>{words.order.refresh}</a>
      </div>
    )
  if (order.rejectionReason) return <p class="refused">{words.order.rejected[order.rejectionReason]}</p>
  return null
}

function PayAgain(props: { visit: Visit; order: Order; tried: OrderTyping | undefined }) {
  const { visit, order } = props
  const { words, format } = visit
  const tried = props.tried?.part === 'pay' ? props.tried : undefined
  const typing: Typing = tried ?? { typed: {} }
  return (
    <section class="panel" aria-labelledby="pay">
      <h2 id="pay">{words.orders.statuses.AWAITING_PAYMENT}</h2>
      <p class="warning">
        {order.payBy ? words.order.awaiting(format.instant(order.payBy)) : words.order.awaitingSoon}
      </p>
      <Refused visit={visit} refusal={typing.refusal} />
      <Form visit={visit} action={`/orders/${order.id}/pay`}>
        <input type="hidden" name="key" value={tried?.key ?? newKey()} />
        <PaymentFields visit={visit} typing={typing} />
        <button type="submit">
          {words.order.payAgain(format.money(order.payableMinor, order.currency))}
        </button>
      </Form>
    </section>
  )
}

function Items({ visit, order, names }: { visit: Visit; order: Order; names: ReadonlyMap<string, string> }) {
  const { words, format } = visit
  return (
    <section>
      <h2>{words.order.items}</h2>
      <ul class="rows">
        {order.lines.map((line) => (
          <li>
            <span>
              {line.quantity} × <a href={`/products/${line.productId}`}>{line.name}</a>
              <small> {words.order.soldBy(names.get(line.sellerId) ?? words.order.seller)}</small>
              {line.cancelledQuantity > 0 && (
                <span class="badge cancelled">{words.order.cancelled(line.cancelledQuantity)}</span>
              )}
            </span>
            <span class="price">{format.money(line.unitPriceMinor * line.quantity, order.currency)}</span>
          </li>
        ))}
      </ul>
      <p class="total">
        <span>{words.order.total}</span> <strong>{format.money(order.totalMinor, order.currency)}</strong>
      </p>
      {order.payableMinor !== order.totalMinor && (
        <p class="total">
          <span>{words.order.payable}</span>{' '}
          <strong>{format.money(order.payableMinor, order.currency)}</strong>
        </p>
      )}
    </section>
  )
}

function Parcels({
  visit,
  order,
  names,
}: {
  visit: Visit
  order: Order
  names: ReadonlyMap<string, string>
}) {
  const { words, format } = visit
  const { shipTo } = order
  return (
    <section>
      <h2>{words.order.parcels}</h2>
      <ul class="rows">
        {order.parts.map((part) => (
          <li>
            <span>
              {words.order.soldBy(names.get(part.sellerId) ?? words.order.seller)}
              {part.carrier && (
                <small>
                  {' '}
                  {words.order.carrier}: {part.carrier}
                </small>
              )}
              {part.trackingNumber && (
                <small>
                  {' '}
                  {words.order.tracking}: <code>{part.trackingNumber}</code>
                </small>
              )}
            </span>
            <span class="badge">
              {words.order.partStatuses[part.status]}
              {part.deliveredAt
                ? ` ${format.date(part.deliveredAt)}`
                : part.shippedAt
                  ? ` ${format.date(part.shippedAt)}`
                  : ''}
            </span>
          </li>
        ))}
      </ul>
      <p>
        {words.order.shipTo} {shipTo.recipient},{' '}
        {[shipTo.line1, shipTo.line2, shipTo.postalCode, shipTo.city].filter(Boolean).join(', ')},{' '}
        {format.country(shipTo.country)}
      </p>
    </section>
  )
}

function Money({ visit, order, refunds }: { visit: Visit; order: Order; refunds: readonly Refund[] }) {
  const { words, format } = visit
  const { payment } = order
  return (
    <section>
      <h2>{words.order.payment}</h2>
      <p>
        {words.checkout.types[payment.type]} {payment.lastFour ? words.order.ending(payment.lastFour) : ''}:{' '}
        {format.money(payment.amountMinor, payment.currency)}, {words.order.paymentStatuses[payment.status]}
      </p>
      {refunds.length > 0 && (
        <>
          <h3>{words.order.refunds}</h3>
          <ul class="rows">
            {refunds.map((refund) => (
              <li>
                <span>{words.order.refundStatuses[refund.status]}</span>
                <span class="price">{format.money(refund.amountMinor, order.currency)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function Timeline({ visit, events }: { visit: Visit; events: readonly OrderEvent[] }) {
  const { words, format } = visit
  return (
    <section>
      <h2>{words.order.timeline}</h2>
      <ol class="timeline">
        {events.map(({ type, at }) => (
          <li>
            <strong>{words.order.events[type] ?? type.toLowerCase().replaceAll('_', ' ')}</strong>
            <time datetime={at}>{format.instant(at)}</time>
          </li>
        ))}
      </ol>
    </section>
  )
}
