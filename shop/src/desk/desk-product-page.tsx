import { newKey, type Product, type StockMovement } from '@bazaar/client'
import type { Page } from '../page/answer.tsx'
import { Choice, Field, Form, Picture, Refused, type Typing } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'
import { ProductFields, typedOf } from './product-fields.tsx'
import { StockChart } from './stock-chart.tsx'

/** The form of the page that was refused, and the key that it goes on with if it has one. */
export type DeskTyping = Typing & { part: 'offer' | 'stock' | 'pictures'; key?: string }

const MOVEMENTS_SHOWN = 20

/** One of a seller's products with everything that can be done with it. */
export async function deskProductPage(visit: Visit, productId: string, tried?: DeskTyping): Promise<Page> {
  const { words, bazaar } = visit
  // Of somebody else's product the movements are refused, so nobody gets to a desk that is not theirs.
  const [{ body: movements }, { body: product, etag = '' }] = await Promise.all([
    bazaar.inventory.listStockMovements({ productId, limit: MOVEMENTS_SHOWN }),
    bazaar.inventory.readProduct({ productId }),
  ])
  const isConflict = tried?.refusal?.code === 'precondition-failed'
  const typing: Typing = tried?.part === 'offer' ? tried : { typed: typedOf(visit, product) }
  const isListed = product.status === 'LISTED'
  return {
    title: product.name,
    status: tried?.refusal?.status ?? 200,
    body: (
      <div class="narrow">
        <h1>
          {product.name} <span class="badge">{isListed ? words.desk.listed : words.desk.archived}</span>
        </h1>
        <p>
          <a href={`/products/${productId}`}>{words.desk.view}</a>
        </p>
        {isListed && (
          <section class="panel">
            {isConflict ? (
              <p class="refused" role="alert">
                {words.desk.conflict}
              </p>
            ) : (
              <Refused visit={visit} refusal={typing.refusal} />
            )}
            <Form visit={visit} action={`/desk/products/${productId}`}>
              <input type="hidden" name="etag" value={isConflict ? etag : (typing.typed['etag'] ?? etag)} />
              <ProductFields visit={visit} typing={typing} now={isConflict ? product : undefined} />
              <button type="submit">{words.desk.save}</button>
            </Form>
          </section>
        )}
        <Pictures visit={visit} product={product} tried={tried} />
        <Stock visit={visit} product={product} movements={movements.items} tried={tried} />
        <Form visit={visit} action={`/desk/products/${productId}/${isListed ? 'archive' : 'relist'}`}>
          <button type="submit" class={isListed ? 'danger' : ''}>
            {isListed ? words.desk.archive : words.desk.relist}
          </button>
        </Form>
      </div>
    ),
  }
}

type PartProps = { visit: Visit; product: Product; tried: DeskTyping | undefined }

function Pictures({ visit, product, tried }: PartProps) {
  const { desk, product: words } = visit.words
  const typing: Typing = tried?.part === 'pictures' ? tried : { typed: {} }
  const at = `/desk/products/${product.id}/pictures`
  return (
    <section class="panel" aria-labelledby="pictures">
      <h2 id="pictures">{desk.pictures}</h2>
      <Refused visit={visit} refusal={typing.refusal} />
      <ul class="shelf">
        {product.images.map(({ id, url }, index) => (
          <li>
            <Picture imageUrl={url} alt={words.picture(product.name, index + 1)} sizes="10rem" />
            {index > 0 && (
              <Form visit={visit} action={`${at}/order`}>
                {product.images.map((image) => (
                  <input type="hidden" name="imageId" value={image.id} />
                ))}
                <input type="hidden" name="move" value={id} />
                <button type="submit" class="link" name="to" value="front">
                  {desk.first}
                </button>
                {index > 1 && (
                  <button type="submit" class="link" name="to" value="earlier">
                    {desk.earlier}
                  </button>
                )}
              </Form>
            )}
            <Form visit={visit} action={`${at}/delete`}>
              <input type="hidden" name="imageId" value={id} />
              <button type="submit" class="link">
                {desk.remove}
              </button>
            </Form>
          </li>
        ))}
      </ul>
      <Form visit={visit} action={at} hasFile>
        <Field
          {...typing}
          name="image"
          label={desk.addPicture}
          hint={desk.pictureHint}
          type="file"
          accept="image/png,image/jpeg,image/webp"
          required
        />
        <button type="submit">{desk.upload}</button>
      </Form>
    </section>
  )
}

function Stock({ visit, product, movements, tried }: PartProps & { movements: readonly StockMovement[] }) {
  const { words, format } = visit
  const { desk } = words
  const typing: Typing = tried?.part === 'stock' ? tried : { typed: {} }
  return (
    <section class="panel" aria-labelledby="stock">
      <h2 id="stock">
        {desk.stock}: {format.number(product.stockCount)}
      </h2>
      <Refused visit={visit} refusal={typing.refusal} />
      <Form visit={visit} action={`/desk/products/${product.id}/stock`}>
        <input type="hidden" name="key" value={(tried?.part === 'stock' && tried.key) || newKey()} />
        <div class="pair">
          <Field {...typing} name="delta" label={desk.delta} required maxLength={8} />
          <Choice
            name="reason"
            label={desk.reason}
            options={(['RESTOCK', 'CORRECTION', 'LOSS'] as const).map(
              (one) => [one, desk.reasons[one]] as const,
            )}
            chosen={typing.typed['reason']}
          />
        </div>
        <button type="submit">{desk.adjust}</button>
      </Form>
      <h3>{desk.movements}</h3>
      <StockChart movements={movements} />
      <table>
        <thead>
          <tr>
            <th scope="col">{desk.at}</th>
            <th scope="col">{desk.reason}</th>
            <th scope="col">{desk.change}</th>
            <th scope="col">{desk.left}</th>
          </tr>
        </thead>
        <tbody>
          {movements.map(({ at, reason, delta, stockAfter }) => (
            <tr>
              <td>{format.instant(at)}</td>
              <td>{desk.movementReasons[reason]}</td>
              <td class="number">{delta > 0 ? `+${format.number(delta)}` : format.number(delta)}</td>
              <td class="number">{format.number(stockAfter)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
