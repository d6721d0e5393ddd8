import type { TSchema } from 'elysia'
import { withoutBlankEnds } from '../api/free-text.ts'
import type { Schema } from '../api/operation.ts'

/**
 * What came in, valid already, as it is meant: free text without blanks at its ends, ids in lower case, in whatever way
 * they were written (RFC 9562).
 */
export function asMeant(schema: Schema | undefined, value: unknown): unknown {
  // Every schema of ours is one of TypeBox.
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

/** The parameters of a query that say something: an empty one is taken for one that was not given. */
export function givenIn(query: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value.trim() !== ''))
}
