import { newKey, type Product, type StockMovement } from '@bazaar/client'
import type { Page } from '../page/answer.tsx'
import { SORT_SCRIPT_PATH } from '../page/assets.ts'
import { Choice, Field, Form, Refused, type Typing } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'
import { PicturesPanel } from './pictures-panel.tsx'
import { categoriesThereAre, ProductFields, typedOf } from './product-fields.tsx'
import { StockChart } from './stock-chart.tsx'

/** The form of the page that was refused, and the key that it goes on with if it has one. */
export type DeskTyping = Typing & { part: 'offer' | 'stock' | 'pictures'; key?: string }

const MOVEMENTS_SHOWN = 20

/** One of a seller's products with everything that can be done with it. */
export async function deskProductPage(visit: Visit, productId: string, tried?: DeskTyping): Promise<Page> {
  const { words, bazaar } = visit
  // Of somebody else's product the movements are refused, so nobody gets to a desk that is not theirs.
  const [{ body: movements }, { body: product, etag = '' }, categories] = await Promise.all([
    bazaar.inventory.listStockMovements({ productId, limit: MOVEMENTS_SHOWN }),
    bazaar.inventory.readProduct({ productId }),
    categoriesThereAre(visit),
  ])
  const isConflict = tried?.refusal?.code === 'precondition-failed'
  const typing: Typing = tried?.part === 'offer' ? tried : { typed: typedOf(visit, product) }
  const isListed = product.status === 'LISTED'
  return {
    title: product.name,
    ...(product.images.length > 1 ? { script: SORT_SCRIPT_PATH } : {}),
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
              <ProductFields
                visit={visit}
                typing={typing}
                categories={categories}
                now={isConflict ? product : undefined}
              />
              <button type="submit">{words.desk.save}</button>
            </Form>
          </section>
        )}
        <PicturesPanel
          visit={visit}
          product={product}
          typing={tried?.part === 'pictures' ? tried : { typed: {} }}
        />
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
