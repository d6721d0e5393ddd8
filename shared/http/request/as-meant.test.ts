import { expect, test } from 'bun:test'
import { t } from 'elysia'
import { id, ids, line, prose } from '../../api/schema.ts'
import { asMeant } from './as-meant.ts'

const ID = '019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10'

test('asMeant() takes the blanks off the ends of free text and writes ids in lower case, at any depth', () => {
  const schema = t.Object({
    name: line({ maxLength: 20 }),
    second: t.Union([line({ maxLength: 20 }), t.Null()]),
    text: prose({ maxLength: 20 }),
    code: t.String({ maxLength: 20 }),
    wanted: ids(2),
    lines: t.Array(t.Object({ productId: id('A product') })),
    properties: t.Record(t.String({ pattern: '^.{1,9}$' }), line({ maxLength: 20 })),
  })
  const given = {
    name: ' \u00a0\u200bTwo  blanks\u3164 \u2060',
    second: ' b',
    text: '\n a\n b\n',
    code: ' C ',
    wanted: `${ID.toUpperCase()},${ID}`,
    lines: [{ productId: ID.toUpperCase() }],
    properties: { Size: ' L ' },
  }
  expect(asMeant(schema, given)).toEqual({
    name: 'Two  blanks',
    second: 'b',
    text: 'a\n b',
    code: ' C ',
    wanted: `${ID},${ID}`,
    lines: [{ productId: ID }],
    properties: { Size: 'L' },
  })
  expect(asMeant(schema, { second: null })).toEqual({ second: null })
  expect(asMeant(undefined, { a: ' b' })).toEqual({ a: ' b' })
})
