import type { ProductCard } from '@bazaar/client'
import { type ComponentChildren, h, type PartialInputHTMLAttributes } from 'preact'
import type { KeptForm } from '../visit/kept-form.ts'
import type { Visit } from '../visit/visit.ts'
import { PICTURE_WIDTHS, picturePath } from './assets.ts'
import type { Refusal } from './failure.ts'

/* The pieces that pages are made of. Every text in them is escaped by the renderer; none is marked as safe. */

/** A form that only this browser can send. */
export function Form(props: {
  visit: Visit
  action: string
  children: ComponentChildren
  class?: string
  label?: string
  hasFile?: boolean
}) {
  return (
    <form
      method="post"
      action={props.action}
      class={props.class}
      aria-label={props.label}
      enctype={props.hasFile ? 'multipart/form-data' : undefined}
    >
      <input type="hidden" name="token" value={props.visit.token} />
      {props.children}
    </form>
  )
}

/** The form as it was sent, so that what has a key keeps it and is done once. */
export function SendAgain({ visit, form, label }: { visit: Visit; form: KeptForm; label: string }) {
  return (
    <Form visit={visit} action={form.path}>
      {form.entries.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit">{label}</button>
    </Form>
  )
}

/** What was typed before, and what is wrong with it. */
export type Typing = { typed: Readonly<Record<string, string>>; refusal?: Refusal | undefined }

type FieldProps = Typing & {
  name: string
  label: string
  hint?: string | undefined
  type?: 'text' | 'email' | 'tel' | 'password' | 'file'
  autocomplete?: string
  required?: boolean
  inputMode?: 'decimal' | 'numeric'
  maxLength?: number
  rows?: number
  accept?: string
  /** What may be typed; anything else may be, too. */
  suggestions?: readonly string[]
  /** Takes several files at once. */
  multiple?: boolean
  /** Tells fields of the same name on one page apart. */
  scope?: string
}

/** A field with its label, its hint and what is wrong with it. */
export function Field(props: FieldProps) {
  const { name, label, hint, typed, refusal, rows, type = 'text' } = props
  const id = props.scope ? `${props.scope}-${name}` : name
  const fault = refusal?.fields[name]
  const describedBy = [fault && `${id}-fault`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined
  const common = {
    id,
    name,
    required: props.required,
    maxLength: props.maxLength,
    autocomplete: props.autocomplete,
    'aria-describedby': describedBy,
    'aria-invalid': fault ? true : undefined,
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {rows ? (
        <textarea {...common} rows={rows}>
          {typed[name] ?? ''}
        </textarea>
      ) : (
        <Input
          {...common}
          type={type}
          inputMode={props.inputMode}
          accept={props.accept}
          multiple={props.multiple}
          {...(props.suggestions ? { list: `${id}-list` } : {})}
          value={type === 'password' || type === 'file' ? undefined : (typed[name] ?? '')}
        />
      )}
      {props.suggestions && (
        <datalist id={`${id}-list`}>
          {props.suggestions.map((one) => (
            <option value={one} />
          ))}
        </datalist>
      )}
      <Fault id={id} text={fault} />
    </div>
  )
}

/** An input of any type: the types of Preact want to know which one. */
function Input(attributes: PartialInputHTMLAttributes<HTMLInputElement>) {
  return h<PartialInputHTMLAttributes<HTMLInputElement>, HTMLInputElement>('input', attributes)
}

/** One of several, in a list that opens, with what is wrong with it. */
export function Choice(props: {
  name: string
  label: string
  options: readonly (readonly [value: string, label: string])[]
  chosen: string | undefined
  required?: boolean
  autocomplete?: string
  refusal?: Refusal | undefined
}) {
  const { name, chosen, refusal } = props
  const fault = refusal?.fields[name]
  return (
    <div class="field">
      <label for={name}>{props.label}</label>
      <select
        id={name}
        name={name}
        required={props.required}
        autocomplete={props.autocomplete}
        aria-describedby={fault && `${name}-fault`}
        aria-invalid={fault ? true : undefined}
      >
        {props.options.map(([value, label]) => (
          <option value={value} selected={value === chosen}>
            {label}
          </option>
        ))}
      </select>
      <Fault id={name} text={fault} />
    </div>
  )
}

function Fault({ id, text }: { id: string; text: string | undefined }) {
  if (!text) return null
  return (
    <p class="fault" id={`${id}-fault`}>
      {text}
    </p>
  )
}

/** Why a form came to nothing, above it. */
export function Refused({ visit, refusal }: { visit: Visit; refusal: Refusal | undefined }) {
  if (!refusal) return null
  return (
    <div class="refused" role="alert">
      <strong>{visit.words.refused.title}</strong>
      <p>{refusal.summary}</p>
    </div>
  )
}

/**
 * A picture with the room that it takes, so that nothing moves when it comes. `sizes` tells how wide it is shown, by which the
 * browser chooses among the widths; a picture that is shown large may also come as wide as it is stored.
 */
export function Picture(props: {
  imageUrl: string | null
  alt: string
  sizes: string
  class?: string
  isEager?: boolean
  widthPixels?: number
}) {
  const { imageUrl, widthPixels } = props
  if (imageUrl === null) return <span class={`picture none ${props.class ?? ''}`} aria-hidden="true" />
  const narrower = PICTURE_WIDTHS.filter((width) => widthPixels === undefined || Number(width) < widthPixels)
  const whole = widthPixels === undefined ? [] : [`${picturePath(imageUrl)} ${widthPixels}w`]
  return (
    <img
      class={`picture ${props.class ?? ''}`}
      src={picturePath(imageUrl, narrower.at(-1))}
      srcset={[...narrower.map((width) => `${picturePath(imageUrl, width)} ${width}w`), ...whole].join(', ')}
      sizes={props.sizes}
      alt={props.alt}
      width={800}
      height={800}
      loading={props.isEager ? 'eager' : 'lazy'}
      decoding="async"
    />
  )
}

/** Products beside one another. */
export function Cards({ visit, products }: { visit: Visit; products: readonly ProductCard[] }) {
  const { format, words } = visit
  return (
    <ul class="cards">
      {products.map((product) => (
        <li>
          <a class="card" href={`/products/${product.id}`}>
            <Picture
              imageUrl={product.imageUrl}
              alt={product.imageAltText ?? ''}
              sizes="(min-width: 48rem) 14rem, 46vw"
            />
            <span class="name">{product.name}</span>
            <span class="price">{format.money(product.priceMinor, product.currency)}</span>
            {!product.inStock && <span class="badge">{words.list.soldOut}</span>}
          </a>
        </li>
      ))}
    </ul>
  )
}

/** What there is to do or see next where nothing is. */
export function Empty({ text, href, action }: { text: string; href?: string; action?: string }) {
  return (
    <div class="empty">
      <p>{text}</p>
      {href && (
        <a class="button" href={href}>
          {action}
        </a>
      )}
    </div>
  )
}

/** The way to the next page of a list, and back to its beginning. */
export function Pager({ visit, next }: { visit: Visit; next: string | null }) {
  const { words, url } = visit
  const withCursor = (cursor: string | undefined) => {
    const query = new URLSearchParams(url.search)
    query.delete('cursor')
    if (cursor !== undefined) query.set('cursor', cursor)
    return `${url.pathname}${query.size > 0 ? `?${query}` : ''}`
  }
  const isLater = url.searchParams.has('cursor')
  if (next === null && !isLater) return null
  return (
    <nav class="pager" aria-label={words.list.pages}>
      {isLater && <a href={withCursor(undefined)}>{words.list.first}</a>}
      {next !== null && (
        <a class="button" href={withCursor(next)} rel="next">
          {words.list.more}
        </a>
      )}
    </nav>
  )
}

/** A category as people read it: `wall-art` is "Wall art". */
export function categoryName(category: string): string {
  const words = category.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
