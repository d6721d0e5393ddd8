import type { Product } from '@bazaar/client'
import { QUANTITY_MAX } from '../basket/basket.ts'
import type { Page } from '../page/answer.tsx'
import { Form, Picture } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'
import { sellerName } from './seller-page.tsx'

/** How wide a picture is shown: beside the facts, or one after the other on a phone. */
const SHOWN_SIZES = '(min-width: 48rem) min(50vw, 38rem), 88vw'

/** A product with all its pictures and what is left of it. */
export async function productPage(visit: Visit, productId: string): Promise<Page> {
  const { words, format, bazaar } = visit
  const { body: product } = await bazaar.inventory.readProduct({ productId })
  const seller = await sellerName(visit, product.sellerId)
  return {
    title: product.name,
    body: (
      <article class="product">
        <Gallery visit={visit} product={product} />
        <div class="facts">
          <h1>{product.name}</h1>
          <p class="price big">{format.money(product.priceMinor, product.currency)}</p>
          <p>
            {words.product.soldBy} <a href={`/sellers/${product.sellerId}`}>{seller ?? words.order.seller}</a>
          </p>
          <Purchase visit={visit} product={product} />
          <p class="prose">{product.description}</p>
          <Properties visit={visit} product={product} />
        </div>
      </article>
    ),
  }
}

function Gallery({ visit, product }: { visit: Visit; product: Product }) {
  const { words } = visit
  if (product.images.length === 0)
    return <Picture imageUrl={null} alt={words.product.noPicture} sizes={SHOWN_SIZES} class="cover" />
  return (
    <div class="gallery">
      {product.images.map(({ url, widthPixels, altText }, index) => (
        <Picture
          imageUrl={url}
          alt={altText ?? words.product.picture(product.name, index + 1)}
          sizes={SHOWN_SIZES}
          isEager={index === 0}
          widthPixels={widthPixels}
        />
      ))}
    </div>
  )
}

function Purchase({ visit, product }: { visit: Visit; product: Product }) {
  const { words, role } = visit
  if (product.status === 'ARCHIVED') return <p class="badge">{words.product.archived}</p>
  const left = (
    <p class={product.stockCount > 10 ? 'stock' : 'stock few'}>
      {product.inStock ? words.product.left(product.stockCount) : words.product.soldOut}
    </p>
  )
  if (!product.inStock)
    return (
      <>
        {left}
        <p>
          <a href={`/categories/${product.category}`}>{words.product.others}</a>
        </p>
      </>
    )
  if (role === 'SELLER')
    return (
      <>
        {left}
        <p class="small">{words.product.sellersOnly}</p>
      </>
    )
  return (
    <>
      {left}
      <Form visit={visit} action="/basket/add" class="purchase">
        <input type="hidden" name="productId" value={product.id} />
        <label for="quantity">{words.product.quantity}</label>
        <input
          id="quantity"
          name="quantity"
          type="number"
          min={1}
          max={Math.min(product.stockCount, QUANTITY_MAX)}
          value={1}
          required
        />
        <button type="submit">{words.product.add}</button>
      </Form>
    </>
  )
}

function Properties({ visit, product }: { visit: Visit; product: Product }) {
  const entries = Object.entries(product.properties)
  if (entries.length === 0) return null
  return (
    <>
      <h2>{visit.words.product.about}</h2>
      <dl class="properties">
        {entries.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
