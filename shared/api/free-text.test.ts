import { expect, test } from 'bun:test'
import { iamApi } from './iam.ts'
import { inventoryApi } from './inventory.ts'
import type { Api, Schema } from './operation.ts'
import { orderApi } from './order.ts'
import { userApi } from './user.ts'

const apis: readonly Api[] = [iamApi, userApi, inventoryApi, orderApi]

/** The texts in what an operation takes that may be any number. */
function referencesIn(schema: Schema | undefined, path: string): string[] {
  const { type, properties, items, ...about } = Object(schema)
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
