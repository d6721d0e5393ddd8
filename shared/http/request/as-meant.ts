import type { TSchema } from 'elysia'
import type { Schema } from '../../api/operation.ts'
import { withoutBlankEnds } from '../../api/text/free-text.ts'

/**
 * A validated request in its canonical form: free text without surrounding blanks, and ids in lower case (RFC 9562).
 */
export function asMeant(schema: Schema | undefined, value: unknown): unknown {
  // All our schemas are made by TypeBox.
  return schema ? meant(schema as TSchema, value) : value
}

function meant(schema: TSchema, value: unknown): unknown {
  if (typeof value === 'string') return meantText(schema, value)
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => meant(schema['items'], item))
  const [pattern] = Object.values<TSchema>(schema['patternProperties'] ?? {})
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const inner = schema['properties']?.[name] ?? pattern
      return [name, inner ? meant(inner, member) : member]
    }),
  )
}

function meantText(schema: TSchema, text: string): string {
  const variants: readonly TSchema[] = schema['anyOf'] ?? [schema]
  if (variants.some((variant) => variant['x-free-text'])) return withoutBlankEnds(text)
  return variants.some((variant) => variant['format'] === 'uuid' || variant['x-ids'])
    ? text.toLowerCase()
    : text
}

/** The query parameters that have a value: an empty one counts as not given. */
export function givenIn(query: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value.trim() !== ''))
}
