import type { Sale } from '@bazaar/client'
import type { Page } from '../page/answer.tsx'
import { leftOf } from '../page/failure.ts'
import { Empty, Field, Form, Pager, Refused, type Typing } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'

const STATUSES = ['AWAITING_SHIPMENT', 'SHIPPED', 'DELIVERED', 'CANCELLED'] as const
const PAGE_SIZE = 20

/** What was sold, by how far it is. */
export async function salesPage(visit: Visit): Promise<Page> {
  const { words, format, bazaar, url } = visit
  const asked = url.searchParams.get('status')
  const status = STATUSES.find((one) => one === asked)
  const cursor = url.searchParams.get('cursor') ?? undefined
  const { body: sales } = await bazaar.order.listSales({
    limit: PAGE_SIZE,
    ...(status ? { status } : {}),
    ...(cursor ? { cursor } : {}),
  })
  const tabs = [undefined, ...STATUSES]
  return {
    title: words.sales.title,
    body: (
      <section class="narrow">
        <h1>{words.sales.title}</h1>
        <nav class="tabs" aria-label={words.sales.title}>
          {tabs.map((tab) => (
            <a
              href={tab ? `/desk/sales?status=${tab}` : '/desk/sales'}
              aria-current={tab === status ? 'page' : undefined}
            >
              {tab ? words.order.partStatuses[tab] : words.sales.all}
            </a>
          ))}
        </nav>
        {sales.items.length === 0 && (
          <Empty text={words.sales.empty} href="/desk" action={words.nav.products} />
        )}
        <ul class="entries">
          {sales.items.map((sale) => (
            <li>
              <a class="entry" href={`/desk/sales/${sale.orderId}`}>
                <span>
                  <strong>
                    {sale.lines.map(({ name, quantity }) => `${quantity} × ${name}`).join(', ')}
                  </strong>
                  <small>{words.orders.placed(format.date(sale.placedAt))}</small>
                </span>
                <span class={`badge ${sale.status.toLowerCase()}`}>
                  {words.order.partStatuses[sale.status]}
                </span>
                <span class="price">{format.money(sale.subtotalMinor, sale.currency)}</span>
              </a>
            </li>
          ))}
        </ul>
        <Pager visit={visit} next={sales.next} />
      </section>
    ),
  }
}

/** The form of a sale that was refused, by the state from which it leads on. */
type SaleTyping = Typing & { from: 'AWAITING_SHIPMENT' | 'SHIPPED' }

/** One sale: what goes to whom, and that it was sent. */
export async function salePage(visit: Visit, orderId: string, tried?: SaleTyping): Promise<Page> {
  const { words, format, bazaar } = visit
  const { body: sale } = await bazaar.order.readSale({ orderId })
  const refusal = leftOf(tried?.refusal, tried?.from === sale.status)
  const { shipTo } = sale
  const title = words.sales.order(orderId.slice(-6))
  return {
    title,
    status: refusal?.status ?? 200,
    body: (
      <section class="narrow">
        <h1>
          {title}{' '}
          <span class={`badge ${sale.status.toLowerCase()}`}>{words.order.partStatuses[sale.status]}</span>
        </h1>
        <p class="small">{words.orders.placed(format.instant(sale.placedAt))}</p>
        <Refused visit={visit} refusal={refusal} />
        <h2>{words.order.items}</h2>
        <ul class="rows">
          {sale.lines.map((line) => (
            <li>
              <span>
                {line.quantity} × {line.name}
                {line.cancelledQuantity > 0 && (
                  <span class="badge cancelled">{words.order.cancelled(line.cancelledQuantity)}</span>
                )}
              </span>
              <span class="price">{format.money(line.unitPriceMinor * line.quantity, sale.currency)}</span>
            </li>
          ))}
        </ul>
        <p class="total">
          <span>{words.sales.subtotal}</span>{' '}
          <strong>{format.money(sale.subtotalMinor, sale.currency)}</strong>
        </p>
        <h2>{words.order.shipTo}</h2>
        <address>
          {[
            shipTo.recipient,
            shipTo.line1,
            shipTo.line2,
            `${shipTo.postalCode ?? ''} ${shipTo.city}`,
            shipTo.region,
          ]
            .filter(Boolean)
            .map((line) => (
              <span>{line}</span>
            ))}
          <span>{format.country(shipTo.country)}</span>
        </address>
        <Shipment visit={visit} sale={sale} typing={tried ?? { typed: {} }} />
      </section>
    ),
  }
}

function Shipment({ visit, sale, typing }: { visit: Visit; sale: Sale; typing: Typing }) {
  const { words, format } = visit
  const at = `/desk/sales/${sale.orderId}`
  if (sale.status === 'AWAITING_SHIPMENT')
    return (
      <section class="panel" aria-labelledby="ship">
        <h2 id="ship">{words.sales.ship}</h2>
        <Form visit={visit} action={`${at}/shipment`}>
          <Field {...typing} name="carrier" label={words.sales.carrier} maxLength={80} />
          <Field {...typing} name="trackingNumber" label={words.sales.trackingNumber} maxLength={80} />
          <button type="submit">{words.sales.shipSubmit}</button>
        </Form>
      </section>
    )
  if (sale.shippedAt === null) return null
  return (
    <section class="panel">
      <p>
        {words.order.partStatuses.SHIPPED}: {format.instant(sale.shippedAt)}
        {sale.carrier && ` · ${sale.carrier}`} {sale.trackingNumber && <code>{sale.trackingNumber}</code>}
      </p>
      {sale.deliveredAt && (
        <p>
          {words.order.partStatuses.DELIVERED}: {format.instant(sale.deliveredAt)}
        </p>
      )}
      {sale.status === 'SHIPPED' && (
        <Form visit={visit} action={`${at}/delivery`}>
          <button type="submit">{words.sales.deliver}</button>
        </Form>
      )}
    </section>
  )
}
