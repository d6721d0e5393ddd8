import type { Product } from '@bazaar/client'
import { Field, Form, Picture, Refused, type Typing } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'

/** The most characters that inventory takes to say what a picture shows. */
const TEXT_LENGTH_MAX = 250

/** The field that says what a picture shows. */
export const textField = (imageId: string) => `text-${imageId}`

/**
 * The pictures of a product. One form has their order and what they show, so whatever is pressed keeps what was typed. Its
 * buttons are enough to sort them; where scripts run, `sort-pictures.js` has them dragged, too.
 */
export function PicturesPanel(props: { visit: Visit; product: Product; typing: Typing }) {
  const { visit, product, typing } = props
  const { desk } = visit.words
  const at = `/desk/products/${product.id}/pictures`
  return (
    <section class="panel" aria-labelledby="pictures">
      <h2 id="pictures">{desk.pictures}</h2>
      <Refused visit={visit} refusal={typing.refusal} />
      {product.images.length > 0 && <Shelf {...props} />}
      <Form visit={visit} action={at} hasFile>
        <Field
          {...typing}
          name="image"
          label={desk.addPictures}
          hint={desk.pictureHint}
          type="file"
          accept={PICTURE_TYPES}
          multiple
          required
        />
        <button type="submit">{desk.upload}</button>
      </Form>
    </section>
  )
}

/** What a seller may choose as a picture. */
export const PICTURE_TYPES = 'image/png,image/jpeg,image/webp'

function Shelf({ visit, product, typing }: { visit: Visit; product: Product; typing: Typing }) {
  const { desk, product: words } = visit.words
  const { images } = product
  const typed = {
    ...Object.fromEntries(images.map(({ id, altText }) => [textField(id), altText ?? ''])),
    ...typing.typed,
  }
  return (
    <Form visit={visit} action={`/desk/products/${product.id}/pictures/arrange`}>
      <ul class="shelf" data-moved={desk.movedTo}>
        {images.map(({ id, url, altText }, index) => (
          <li>
            <input type="hidden" name="imageId" value={id} />
            <Picture imageUrl={url} alt={altText ?? words.picture(product.name, index + 1)} sizes="6.5rem" />
            <div>
              <Field
                typed={typed}
                refusal={typing.refusal}
                name={textField(id)}
                label={desk.pictureText(index + 1)}
                rows={2}
                maxLength={TEXT_LENGTH_MAX}
              />
              <p class="moves">
                <Move name="front" id={id} label={desk.first} index={index + 1} isOff={index === 0} />
                <Move name="earlier" id={id} label={desk.earlier} index={index + 1} isOff={index === 0} />
                <Move
                  name="later"
                  id={id}
                  label={desk.later}
                  index={index + 1}
                  isOff={index === images.length - 1}
                />
                <Move name="remove" id={id} label={desk.remove} index={index + 1} />
              </p>
            </div>
          </li>
        ))}
      </ul>
      <p class="hint">{desk.pictureTextHint}</p>
      <button type="submit" class="quiet">
        {desk.saveTexts}
      </button>
    </Form>
  )
}

function Move(props: { name: string; id: string; label: string; index: number; isOff?: boolean }) {
  return (
    <button type="submit" class="link" name={props.name} value={props.id} disabled={props.isOff}>
      {props.label}
      <span class="unseen"> {props.index}</span>
    </button>
  )
}
