import { isDeepStrictEqual } from 'node:util'

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
/** A JSON object. */
export type JsonObject = { [key: string]: Json }

const ANY_KEY = '^(.*)$'
const OWN_FORMAT = /^free-/

/**
 * One of our schemas as OpenAPI 3.1 writes it: whole numbers as integers, alternatives of constants as an
 * enumeration, "or null" as a second type. `closed` says that unknown properties are refused, as in every request. An
 * answer may gain properties over time, even if it has none extra today.
 */
export function tidySchema(schema: JsonObject, closed = false): JsonObject {
  const {
    $id: _id,
    anyOf,
    additionalProperties: _,
    'x-integer': integer,
    'x-format': format,
    'x-free-text': _freeText,
    'x-ids': _ids,
    'x-needs': needs,
    ...others
  } = schema
  const rest: JsonObject = format ? { ...others, format } : others
  // Kinds of free text are formats of ours, which no program of others knows.
  if (OWN_FORMAT.test(String(rest['format']))) delete rest['format']
  if (integer) {
    const { pattern: _pattern, type: _type, minLength: _min, maxLength: _max, ...about } = rest
    return { type: 'integer', ...asObject(integer), ...about }
  }
  if (anyOf) return tidyAlternatives(asArray(anyOf).map(asObject), rest, closed)
  const tidy: JsonObject = {}
  for (const [key, value] of Object.entries(rest)) {
    if (key === 'properties') {
      tidy[key] = eachOf(asObject(value), (member) => tidySchema(member, closed))
      if (closed) tidy['additionalProperties'] = false
    } else if (key === 'patternProperties') {
      const [pattern = ANY_KEY, member] = Object.entries(asObject(value))[0] ?? []
      tidy['additionalProperties'] = tidySchema(asObject(member), closed)
      if (pattern !== ANY_KEY) tidy['propertyNames'] = { pattern }
    } else if (key === 'items') tidy[key] = tidySchema(asObject(value), closed)
    else tidy[key] = value
  }
  if (tidy['type'] === 'number' && tidy['multipleOf'] === 1) {
    tidy['type'] = 'integer'
    delete tidy['multipleOf']
  }
  return needs ? variantsOf(tidy, asObject(needs)) : tidy
}

function tidyAlternatives(alternatives: JsonObject[], rest: JsonObject, closed: boolean): JsonObject {
  const values = alternatives.filter((one) => one['type'] !== 'null')
  const nullable = values.length < alternatives.length
  if (values.every((one) => 'const' in one)) {
    const words: JsonObject = { type: 'string', enum: values.map((one) => one['const'] ?? null) }
    return nullable ? { ...rest, anyOf: [words, { type: 'null' }] } : { ...rest, ...words }
  }
  const [only] = values
  if (nullable && values.length === 1 && only) {
    const tidy = tidySchema({ ...only, ...rest }, closed)
    const { enum: words, type, ...about } = tidy
    // Generators lose the null of an enumeration that has it among its words.
    if (words) return { ...about, anyOf: [{ type: type ?? 'string', enum: words }, { type: 'null' }] }
    return typeof type === 'string' ? { ...tidy, type: [type, 'null'] } : { anyOf: [tidy, { type: 'null' }] }
  }
  return { ...rest, anyOf: alternatives.map((one) => tidySchema(one, closed)) }
}

/**
 * An object whose `type` says which other property it has, as a choice between one schema for each type; `needs` names
 * the property by type, or null for none. It has its rule checked after its schema, which no schema of ours can say.
 */
function variantsOf(schema: JsonObject, needs: JsonObject): JsonObject {
  const { title = '', description = '', examples = [], properties } = schema
  const members = asObject(properties)
  const { enum: types, ...about } = asObject(members['type'])
  const variants = asArray(types)
    .map(String)
    .map((type) => {
      const needed = needs[type]
      const own = typeof needed === 'string' ? { [needed]: members[needed] ?? {} } : {}
      const named = `${title}${type.toLowerCase().replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`
      return {
        title: named,
        type: 'object',
        properties: { type: { ...about, const: type, examples: [type] }, ...own },
        required: ['type', ...Object.keys(own)],
        additionalProperties: false,
      }
    })
  const mapping = variants.map(({ title: name, properties: { type } }) => [
    type.const,
    `#/components/schemas/${name}`,
  ])
  return {
    title,
    description,
    examples,
    oneOf: variants,
    discriminator: { propertyName: 'type', mapping: Object.fromEntries(mapping) },
  }
}

/**
 * An example of what a tidy schema describes, put together from the examples of its parts, or undefined when a part
 * has none. Optional members are left out unless `complete`.
 */
export function exampleOf(schema: JsonObject, complete: boolean): Json | undefined {
  const [given] = asArray(schema['examples'])
  if (given !== undefined) return given
  if (schema['const'] !== undefined) return schema['const']
  const [first] = asArray(schema['enum'] ?? schema['anyOf'])
  if (first !== undefined) return schema['enum'] ? first : exampleOf(asObject(first), complete)
  switch (asArray(schema['type'])[0] ?? schema['type']) {
    case 'object':
      return exampleObject(schema, complete)
    case 'array': {
      const item = exampleOf(asObject(schema['items']), complete)
      return item === undefined ? undefined : [item]
    }
    case 'integer':
      return schema['minimum'] ?? 0
    case 'boolean':
      return true
    default:
      return undefined
  }
}

function exampleObject(schema: JsonObject, complete: boolean): JsonObject | undefined {
  const required = asArray(schema['required'])
  const example: JsonObject = {}
  for (const [name, member] of Object.entries(asObject(schema['properties']))) {
    if (!complete && !required.includes(name)) continue
    const value = exampleOf(asObject(member), complete)
    if (value === undefined) return undefined
    example[name] = value
  }
  return example
}

/**
 * The schema with every titled part replaced by a reference, and the part moved into `named`. Programs generated from
 * the document then have a type `Order` instead of many nameless ones.
 *
 * @throws {Error} when two different schemas have the same title.
 */
export function nameParts(schema: JsonObject, named: JsonObject): JsonObject {
  const tidy: JsonObject = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') tidy[key] = eachOf(asObject(value), (member) => nameParts(member, named))
    else if (key === 'items' || (key === 'additionalProperties' && value !== false))
      tidy[key] = nameParts(asObject(value), named)
    else if (key === 'anyOf' || key === 'oneOf')
      tidy[key] = asArray(value).map((one) => nameParts(asObject(one), named))
    else tidy[key] = value
  }
  const { title } = tidy
  if (typeof title !== 'string') return tidy
  if (named[title] && !isDeepStrictEqual(named[title], tidy))
    throw new Error(`Give two different schemas different titles: both are "${title}"`)
  named[title] = tidy
  return { $ref: `#/components/schemas/${title}` }
}

function eachOf(members: JsonObject, change: (member: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, change(asObject(member))]))
}

/** The value if it is an object, otherwise an empty one. */
export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

/** The value if it is an array, otherwise an empty one. */
export function asArray(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}
