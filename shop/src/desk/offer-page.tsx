import type { Page } from '../page/answer.tsx'
import { Field, Form, Refused, type Typing } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'
import { PICTURE_TYPES } from './pictures-panel.tsx'
import { categoriesThereAre, ProductFields } from './product-fields.tsx'

/** Where a seller offers something new. `key` makes a form that is sent twice one product. */
export async function offerPage(visit: Visit, props: Typing & { key: string }): Promise<Page> {
  const { desk } = visit.words
  const { key, ...typing } = props
  const categories = await categoriesThereAre(visit)
  return {
    title: desk.offer,
    status: typing.refusal?.status ?? 200,
    body: (
      <section class="narrow">
        <h1>{desk.offer}</h1>
        <Refused visit={visit} refusal={typing.refusal} />
        <Form visit={visit} action="/desk/products/new" hasFile>
          <input type="hidden" name="key" value={key} />
          <ProductFields visit={visit} typing={typing} categories={categories} />
          <Field
            {...typing}
            name="stockCount"
            label={desk.stock}
            inputMode="numeric"
            required
            maxLength={7}
          />
          <Field
            {...typing}
            name="image"
            label={desk.offerPictures}
            hint={desk.pictureHint}
            type="file"
            accept={PICTURE_TYPES}
            multiple
          />
          <button type="submit">{desk.create}</button>
        </Form>
      </section>
    ),
  }
}
