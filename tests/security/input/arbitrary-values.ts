import { asArray, asObject, type JsonObject } from '@bazaar/shared/http/docs/openapi-schema'
import fc from 'fast-check'

const LIST_LENGTH_MAX = 4
const TEXT_LENGTH_MAX = 60
const KEYS_MAX = 3

/** Texts that have broken programs before. */
export const NASTY_TEXTS = [
  '',
  ' ',
  'null',
  'undefined',
  'NaN',
  '__proto__',
  'constructor',
  "' or '1'='1' -- ",
  '"; drop table users; --',
  '<script>alert(1)</script>',
  '{{7*7}}#{7*7}',
  '../../../../etc/passwd',
  'http://169.254.169.254/latest/meta-data/',
  '%00%0d%0aset-cookie: a=b',
  '\r\nset-cookie: a=b',
  '\u0000',
  '\ud800',
  '\u202e\u2066reversed',
  'ﷺ'.repeat(20),
  'e\u0301'.repeat(30),
  '🧨'.repeat(40),
  '\u001b[31mred',
  '9'.repeat(400),
  'x'.repeat(5_000),
] as const

/** Values that are seldom what was expected. */
export const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...NASTY_TEXTS),
  fc.string({ unit: 'binary', maxLength: TEXT_LENGTH_MAX }),
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e21, [], {}, [[]]),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Values that a schema of the documents accepts. `ids` are those of things that exist. */
export function valuesOf(schema: JsonObject, ids: readonly string[]): fc.Arbitrary<unknown> {
  const choices = asArray(schema['enum'])
  if (choices.length > 0) return fc.constantFrom<unknown>(...choices)
  if (schema['const'] !== undefined) return fc.constant<unknown>(schema['const'])
  const alternatives = asArray(schema['anyOf'])
  if (alternatives.length > 0) return fc.oneof(...alternatives.map((one) => valuesOf(asObject(one), ids)))
  const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type']]
  return fc.oneof(...types.map((type) => valuesOfType(type, schema, ids)))
}

function valuesOfType(type: unknown, schema: JsonObject, ids: readonly string[]): fc.Arbitrary<unknown> {
  switch (type) {
    case 'object':
      return objectsOf(schema, ids)
    case 'array':
      return fc.array(valuesOf(asObject(schema['items']), ids), {
        minLength: Number(schema['minItems'] ?? 0),
        maxLength: Math.min(Number(schema['maxItems'] ?? LIST_LENGTH_MAX), LIST_LENGTH_MAX),
      })
    case 'integer':
      return fc.integer({
        min: Number(schema['minimum'] ?? -1_000),
        max: Number(schema['maximum'] ?? 1_000),
      })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return textsOf(schema, ids)
  }
}

function objectsOf(schema: JsonObject, ids: readonly string[]): fc.Arbitrary<unknown> {
  const free = schema['additionalProperties']
  if (free !== undefined && free !== false) {
    const names = new RegExp(String(asObject(schema['propertyNames'])['pattern'] ?? '^[a-z]{1,9}$'))
    return fc.dictionary(fc.stringMatching(names), valuesOf(asObject(free), ids), { maxKeys: KEYS_MAX })
  }
  const members = Object.entries(asObject(schema['properties'])).map(([name, member]) => [
    name,
    valuesOf(asObject(member), ids),
  ])
  const required = asArray(schema['required']).map(String)
  return fc.record<Record<string, unknown>>(Object.fromEntries(members), { requiredKeys: required })
}

function textsOf(schema: JsonObject, ids: readonly string[]): fc.Arbitrary<string> {
  const { pattern } = schema
  const minLength = Number(schema['minLength'] ?? 0)
  const maxLength = Number(schema['maxLength'] ?? TEXT_LENGTH_MAX)
  const isOfLength = (text: string) => {
    const { length } = [...text]
    return length >= minLength && length <= maxLength
  }
  if (schema['format'] === 'uuid')
    return fc.oneof(fc.constantFrom(...ids), fc.constantFrom(...ids), fc.uuid({ version: [4, 7] }))
  if (schema['format'] === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((date) => date.toISOString())
  if (typeof pattern !== 'string' || /^\^\[\^|ud800/.test(pattern)) {
    const allowed = new RegExp(typeof pattern === 'string' ? pattern : '', 'u')
    return fc
      .string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, TEXT_LENGTH_MAX) })
      .filter((text) => allowed.test(text) && isOfLength(text))
  }
  return fc.stringMatching(new RegExp(pattern)).filter(isOfLength)
}
