import type { Product } from '@bazaar/client'
import { type Refusal, refuseField } from '../page/failure.ts'
import { Field, type Typing } from '../page/kit.tsx'
import type { Form } from '../visit/form.ts'
import type { Visit } from '../visit/visit.ts'
import { readAmount } from '../words/format.ts'

/** What a product is offered as. */
export type Offer = Pick<
  Product,
  'name' | 'description' | 'category' | 'priceMinor' | 'currency' | 'properties'
>

const NAMES = ['name', 'description', 'category', 'price', 'currency', 'properties'] as const

/** The fields of a product. `now` is what it has become meanwhile, to be seen beside what was typed. */
export function ProductFields({
  visit,
  typing,
  categories,
  now,
}: {
  visit: Visit
  typing: Typing
  /** Those that there are already. */
  categories: readonly string[]
  now?: Product | undefined
}) {
  const { desk } = visit.words
  const hints = { category: desk.categoryHint, properties: desk.propertiesHint }
  const current = now && typedOf(visit, now)
  const hint = (name: (typeof NAMES)[number]) => {
    const own = name === 'category' || name === 'properties' ? hints[name] : undefined
    const value = current?.[name]
    const differs = value !== undefined && value !== typing.typed[name]
    return [own, differs && desk.now(value)].filter(Boolean).join('. ') || undefined
  }
  return (
    <>
      <Field {...typing} name="name" label={desk.name} hint={hint('name')} required maxLength={120} />
      <Field
        {...typing}
        name="description"
        label={desk.description}
        hint={hint('description')}
        rows={5}
        required
        maxLength={4_000}
      />
      <Field
        {...typing}
        name="category"
        suggestions={categories}
        label={desk.category}
        hint={hint('category')}
        required
        maxLength={40}
      />
      <div class="pair">
        <Field
          {...typing}
          name="price"
          label={desk.price}
          hint={hint('price')}
          inputMode="decimal"
          required
          maxLength={16}
        />
        <Field
          {...typing}
          name="currency"
          label={desk.currency}
          hint={hint('currency')}
          required
          maxLength={3}
        />
      </div>
      <Field {...typing} name="properties" label={desk.properties} hint={hint('properties')} rows={4} />
    </>
  )
}

/** A product as its fields show it. */
export function typedOf({ format }: Visit, product: Product): Record<(typeof NAMES)[number], string> {
  const { name, description, category, priceMinor, currency, properties } = product
  const lines = Object.entries(properties).map(([key, value]) => `${key}: ${value}`)
  return {
    name,
    description,
    category,
    currency,
    price: format.amount(priceMinor, currency),
    properties: lines.join('\n'),
  }
}

/** What was typed as inventory wants it, or which field cannot be read. */
export function offerIn(
  visit: Visit,
  form: Form,
): { offer: Offer; refusal?: never } | { refusal: Refusal; offer?: never } {
  const { desk } = visit.words
  const currency = form.text('currency').toUpperCase()
  const priceMinor = readAmount(form.text('price'), currency)
  if (priceMinor === undefined) return { refusal: refuseField(visit, 'price', desk.badPrice) }
  const lines = form
    .text('properties')
    .split('\n')
    .filter((line) => line.trim() !== '')
  const pairs = lines.map((line) => /^([^:]+):(.+)$/.exec(line.trim()))
  if (pairs.includes(null)) return { refusal: refuseField(visit, 'properties', desk.badProperty) }
  const properties = Object.fromEntries(
    pairs.map((pair) => [pair?.[1]?.trim() ?? '', pair?.[2]?.trim() ?? '']),
  )
  const [name, description] = [form.text('name'), form.text('description')]
  const category = categoryOf(form.text('category'))
  return { offer: { name, description, category, priceMinor, currency, properties } }
}

const CATEGORIES_MAX = 100

/** The categories that products are in already. */
export async function categoriesThereAre({ bazaar }: Visit): Promise<string[]> {
  const { body } = await bazaar.inventory.listCategories({ limit: CATEGORIES_MAX })
  return body.items.map(({ category }) => category)
}

/** A category as inventory has it: `Wall Art` is `wall-art`, `Küche` is `kuche`. */
function categoryOf(text: string): string {
  const words = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g)
  return words?.join('-') ?? text
}
