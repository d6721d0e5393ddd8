import type { Page } from '../page/answer.tsx'
import { Empty, Pager, Picture } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'

const PAGE_SIZE = 30

/** Everything that a seller offers or has offered. */
export async function deskPage(visit: Visit): Promise<Page> {
  const { words, format, bazaar, url } = visit
  const cursor = url.searchParams.get('cursor') ?? undefined
  const { body: own } = await bazaar.inventory.listOwnProducts({
    limit: PAGE_SIZE,
    ...(cursor ? { cursor } : {}),
  })
  return {
    title: words.desk.title,
    body: (
      <section>
        <div class="heading">
          <h1>{words.desk.title}</h1>
          {own.items.length > 0 && (
            <a class="button" href="/desk/products/new">
              {words.desk.offer}
            </a>
          )}
        </div>
        {own.items.length === 0 && (
          <Empty text={words.desk.empty} href="/desk/products/new" action={words.desk.offer} />
        )}
        <ul class="entries">
          {own.items.map((product) => (
            <li>
              <a class="entry" href={`/desk/products/${product.id}`}>
                <Picture imageUrl={product.imageUrl} alt="" sizes="4.5rem" class="thumb" />
                <span>
                  <strong>{product.name}</strong>
                  <small>
                    {words.desk.stock}: {format.number(product.stockCount)}
                  </small>
                </span>
                {product.status === 'ARCHIVED' && <span class="badge">{words.desk.archived}</span>}
                <span class="price">{format.money(product.priceMinor, product.currency)}</span>
              </a>
            </li>
          ))}
        </ul>
        <Pager visit={visit} next={own.next} />
      </section>
    ),
  }
}
