import type { Page } from '../page/answer.tsx'
import { Empty, Pager } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'

const PAGE_SIZE = 20

/** Everything somebody has ordered, the newest first. */
export async function ordersPage(visit: Visit): Promise<Page> {
  const { words, format, bazaar, url } = visit
  const cursor = url.searchParams.get('cursor') ?? undefined
  const { body: orders } = await bazaar.order.listOrders({ limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) })
  return {
    title: words.orders.title,
    body: (
      <section class="narrow">
        <h1>{words.orders.title}</h1>
        {orders.items.length === 0 && (
          <Empty text={words.orders.empty} href="/" action={words.basket.browse} />
        )}
        <ul class="entries">
          {orders.items.map((order) => (
            <li>
              <a class="entry" href={`/orders/${order.id}`}>
                <span>
                  <strong>
                    {order.lines.map(({ name, quantity }) => `${quantity} × ${name}`).join(', ')}
                  </strong>
                  <small>{words.orders.placed(format.date(order.placedAt))}</small>
                </span>
                <span class={`badge ${order.status.toLowerCase()}`}>
                  {words.orders.statuses[order.status]}
                </span>
                <span class="price">{format.money(order.totalMinor, order.currency)}</span>
              </a>
            </li>
          ))}
        </ul>
        <Pager visit={visit} next={orders.next} />
      </section>
    ),
  }
}
