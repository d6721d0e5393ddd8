import type { Page } from '../page/answer.tsx'
import { Empty, Form, Picture } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'
import { QUANTITY_MAX } from './basket.ts'
import { type BasketEntry, type BasketGroup, lookUpBasket } from './look-up-basket.ts'

/** What is in the basket, what it costs now, and what has changed since it was put there. */
export async function basketPage(visit: Visit, { isFull = false } = {}): Promise<Page> {
  const { words, basket } = visit
  const groups = await lookUpBasket(visit)
  const isUnknown = groups.some(({ entries }) => entries.some(({ obstacle }) => obstacle === 'unknown'))
  return {
    title: words.basket.title,
    status: isFull ? 409 : 200,
    body: (
      <section class="narrow">
        <h1>{words.basket.title}</h1>
        {isFull && (
          <p class="refused" role="alert">
            {words.basket.full}
          </p>
        )}
        {isUnknown && <p class="warning">{words.basket.unknown}</p>}
        {basket.length === 0 && <Empty text={words.basket.empty} href="/" action={words.basket.browse} />}
        {groups.length > 1 && <p class="warning">{words.basket.mixed}</p>}
        {groups.map((group) => (
          <Group visit={visit} group={group} isOnly={groups.length === 1} />
        ))}
      </section>
    ),
  }
}

function Group({ visit, group, isOnly }: { visit: Visit; group: BasketGroup; isOnly: boolean }) {
  const { words, format } = visit
  const { currency, entries, totalMinor, canBeOrdered } = group
  return (
    <>
      <ul class="lines">
        {entries.map((entry) => (
          <Line visit={visit} entry={entry} />
        ))}
      </ul>
      <p class="total">
        <span>{words.basket.total}</span> <strong>{format.money(totalMinor, currency)}</strong>
      </p>
      {canBeOrdered && visit.role !== 'SELLER' && (
        <p class="actions end">
          <a class="button" href={`/checkout?currency=${currency}`}>
            {isOnly ? words.basket.checkOut : words.basket.checkOutIn(currency)}
          </a>
        </p>
      )}
      {visit.role === 'SELLER' && <p class="small">{words.product.sellersOnly}</p>}
    </>
  )
}

function Line({ visit, entry }: { visit: Visit; entry: BasketEntry }) {
  const { words, format } = visit
  const { productId, product, quantity, currency } = entry
  const name = product?.name ?? words.order.items
  const field = `quantity-${productId}`
  return (
    <li class="line">
      <Picture imageUrl={product?.imageUrl ?? null} alt="" sizes="4.5rem" class="thumb" />
      <div>
        <a class="name" href={`/products/${productId}`}>
          {name}
        </a>
        <p class="small">
          {format.money(product?.priceMinor ?? entry.priceMinor, product?.currency ?? currency)}{' '}
          {words.basket.each}
        </p>
        <Obstacle visit={visit} entry={entry} />
        <Form visit={visit} action="/basket/change" class="inline">
          <input type="hidden" name="productId" value={productId} />
          <label class="unseen" for={field}>
            {words.basket.quantityOf(name)}
          </label>
          <input
            id={field}
            name="quantity"
            type="number"
            min={0}
            max={QUANTITY_MAX}
            value={quantity}
            required
          />
          <button type="submit" class="quiet">
            {words.basket.update}
          </button>
          <button
            type="submit"
            class="link"
            name="remove"
            value="yes"
            aria-label={words.basket.removeNamed(name)}
          >
            {words.basket.remove}
          </button>
        </Form>
      </div>
      <p class="price">{format.money(entry.subtotalMinor, product?.currency ?? currency)}</p>
    </li>
  )
}

function Obstacle({ visit, entry }: { visit: Visit; entry: BasketEntry }) {
  const { words, format } = visit
  const { product, obstacle, priceMinor, currency } = entry
  const hasChanged = product && (product.priceMinor !== priceMinor || product.currency !== currency)
  const told =
    obstacle === 'gone'
      ? words.basket.gone
      : obstacle === 'sold-out'
        ? words.basket.soldOut
        : obstacle === 'fewer'
          ? words.basket.fewer(product?.stockCount ?? 0)
          : undefined
  return (
    <>
      {told && <p class="fault">{told}</p>}
      {hasChanged && obstacle !== 'gone' && (
        <p class="warning">
          {words.basket.priceChanged(
            format.money(priceMinor, currency),
            format.money(product.priceMinor, product.currency),
          )}
        </p>
      )}
    </>
  )
}
