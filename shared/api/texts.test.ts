import { expect, test } from 'bun:test'
import { Kind } from '@sinclair/typebox'
import { t } from 'elysia'
import { iamApi } from './iam.ts'
import { inventoryApi } from './inventory.ts'
import { messages } from './messages.ts'
import type { Api, Operation, Schema } from './operation.ts'
import { orderApi } from './order.ts'
import { userApi } from './user.ts'

const apis: readonly Api[] = [iamApi, userApi, inventoryApi, orderApi]

/** The texts in what an operation takes that may be any number. */
function referencesIn(schema: Schema | undefined, path: string): string[] {
  const { type, properties, items, anyOf, ...about } = Object(schema)
  if (anyOf) return anyOf.flatMap((variant: Schema) => referencesIn(variant, path))
  if (type === 'string') return about['x-free-text'] === 'free-reference' ? [path] : []
  const members = Object.entries<Schema>(properties ?? (items ? { 0: items } : {}))
  return members.flatMap(([name, member]) => referencesIn(member, `${path}/${name}`))
}

test('card numbers are looked for in all free text but searches and the numbers of parcels', () => {
  const found = apis.flatMap(({ operations }) =>
    Object.entries(operations).flatMap(([name, { body, query }]) => [
      ...referencesIn(body, name),
      ...referencesIn(query, name),
    ]),
  )
  expect(found.toSorted()).toEqual(['listProducts/q', 'shipSale/trackingNumber'])
})

/** The texts that may hold any character, and of which TypeBox would count an emoji as two. */
function miscountedIn(schema: Schema | undefined, path: string): string[] {
  const { type, properties, patternProperties, items, anyOf, ...about } = Object(schema)
  if (anyOf) return anyOf.flatMap((variant: Schema) => miscountedIn(variant, path))
  if (type === 'string')
    return about[Kind] === 'String' && new RegExp(about.pattern ?? '').test('🫖') ? [path] : []
  const members = Object.entries<Schema>({
    ...properties,
    ...patternProperties,
    ...(items ? { 0: items } : {}),
  })
  return members.flatMap(([name, member]) => miscountedIn(member, `${path}/${name}`))
}

test('an emoji counts as one character in every text that may hold it', () => {
  const places = apis.flatMap(({ service, operations }) =>
    Object.entries<Operation>(operations).flatMap(([name, { body, query, response }]) =>
      [body, query, ...Object.values(response)].map((schema) => [schema, `${service}/${name}`] as const),
    ),
  )
  const all = [...places, ...Object.entries(messages).map(([type, schema]) => [schema, type] as const)]
  expect(all.flatMap(([schema, path]) => miscountedIn(schema, path))).toEqual([])
  expect(miscountedIn(t.Object({ a: t.Array(t.String({ maxLength: 3 })) }), 'x')).toEqual(['x/a/0'])
})
