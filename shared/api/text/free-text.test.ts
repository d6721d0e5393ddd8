import { expect, test } from 'bun:test'
import { withoutBlankEnds } from './free-text.ts'
import { iamApi } from '../iam.ts'
import { inventoryApi } from '../inventory.ts'
import type { Api, Schema } from '../operation.ts'
import { orderApi } from '../order.ts'
import { userApi } from '../user.ts'

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

test.each([
  [' \u00a0Kettle\u3000\n', 'Kettle'],
  ['\u200bKettle\u200b', 'Kettle'],
  ['\u2060\u00ad\u2800\u3164\uffa0\u180e\ufeffKettle', 'Kettle'],
  ['Blue  kettle', 'Blue  kettle'],
  ['\u200eשלום\u200f', '\u200eשלום\u200f'],
  ['Mug \u2764\ufe0f', 'Mug \u2764\ufe0f'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
])('withoutBlankEnds() makes of %p %p', (text, shown) => {
  expect(withoutBlankEnds(text)).toBe(shown)
})
