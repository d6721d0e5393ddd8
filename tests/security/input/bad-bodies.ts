import { line } from '@bazaar/shared/api/schema'
import type { Call } from '../system/ask.ts'
import type { Operation } from '../system/operations.ts'
import { type Leaf, leavesOf, valueAt, withoutValue, withValue } from './leaves.ts'

/** One way to send something that no operation may accept. */
export type BadInput = {
  /** Its row in the table of bad inputs. */
  row: string
  what: string
  /** The statuses it may be answered with. */
  statuses: readonly number[]
  /** The bad calls that come of a valid one; none when the operation has no place for it. */
  of: (operation: Operation, call: Call) => Call[]
}

/** Stands in what is sent, so that it can be found where it must not be. */
export const MARK = 'zzqxj-received-value'

const JSON_BYTES_MAX = 64 * 1024

/** A body that is not JSON at all, or not ours to read. */
const malformed: readonly [string, string, (json: string) => string | Uint8Array<ArrayBuffer>][] = [
  ['B01', 'JSON that is cut off', (json) => json.slice(0, -1)],
  ['B01', 'JSON with something behind it', (json) => `${json} "${MARK}"`],
  ['B01', 'JSON in single quotes', (json) => json.replaceAll('"', "'")],
  ['B01', 'NaN', () => '{"a":NaN}'],
  ['B01', 'a comma too many', (json) => json.replace(/}$/, ',}')],
  ['B01', 'a comment', (json) => `/* ${MARK} */${json}`],
  ['B02', 'nothing', () => ''],
  ['B11', 'bytes that are no UTF-8', (json) => notUtf8(json)],
  ['B12', '30,000 lists in each other', () => '['.repeat(30_000)],
  ['B12', '6,000 objects in each other', () => `${'{"a":'.repeat(6_000)}1${'}'.repeat(6_000)}`],
]

/** A key twice: which of the two counts would be anybody's guess. */
const ambiguous: typeof malformed = [
  ['B10', 'a key twice', (json) => json.replace('{', `{${firstMemberOf(json)},`)],
  ['B10', 'a key twice, once escaped', (json) => json.replace('{', `{${escapedFirstMemberOf(json)},`)],
]

const types: readonly [string, string, Record<string, string>][] = [
  ['B03', 'plain text', { 'content-type': 'text/plain' }],
  ['B03', 'XML', { 'content-type': 'application/xml' }],
  ['B03', 'a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['B03', 'another alphabet', { 'content-type': 'application/json; charset=latin1' }],
  ['B04', 'gzip', { 'content-encoding': 'gzip' }],
  ['B04', 'br', { 'content-encoding': 'br' }],
  ['B04', 'zstd', { 'content-encoding': 'zstd' }],
]

/** A picture may come as a part of a form, but these bytes are none. */
const MULTIPART = { 'content-type': 'multipart/form-data; boundary=x' }

const roots: readonly unknown[] = [null, [], [MARK], MARK, 1, true]
const wrongForNumber: readonly unknown[] = ['1', true, [1], {}, null]
const wrongForText: readonly unknown[] = [1, true, [MARK], { a: MARK }, null]
const wrongForOthers: readonly unknown[] = [1, MARK, null]

/** What no number of ours may be, as it is written in JSON. */
const NUMBERS = ['1.5', '1e999', '-1e999', '1e-400', '9007199254740993', '123456789012345678901234567890']

/** Texts that no database should hold. */
const UNSTORABLE = ['NUL \u0000', 'a lone \ud800 surrogate', 'another \udc00']

/** Moments that no clock ever shows, though `Date` or a database may make others of them. */
export const IMPOSSIBLE_MOMENTS = [
  '2027-02-30T00:00:00Z',
  '2027-02-29T00:00:00Z',
  '2027-04-31T00:00:00Z',
  '2027-01-31T24:00:00Z',
  '2027-06-30T23:59:60Z',
]

/** What every line of free text is described with. */
const LINE_PATTERN = line({ maxLength: 1 })['pattern']
const UNSEEN = ['\u200b\u200b', '\u2060', '\u2800', '\u3164', '\u00ad', '\u0085', 'a\u2028b', '\u202egnp']

/** Everything that can be wrong with a body. */
export const badBodies: readonly BadInput[] = [
  ...malformed.map(asBadInput),
  ...types.map(
    ([row, what, headers]): BadInput => ({
      row,
      what,
      statuses: [415],
      of: ({ body, takesImage }, call) =>
        body || takesImage ? [{ ...call, headers: { ...call.headers, ...headers } }] : [],
    }),
  ),
  {
    row: 'B03',
    what: 'a multipart form',
    statuses: [415],
    of: ({ body }, call) => (body ? [{ ...call, headers: { ...call.headers, ...MULTIPART } }] : []),
  },
  {
    row: 'B03',
    what: 'a multipart form that is none',
    statuses: [400],
    of: ({ takesImage }, call) =>
      takesImage ? [{ ...call, headers: { ...call.headers, ...MULTIPART } }] : [],
  },
  inBody('B05', 'a property that nobody knows', (call, leaves) =>
    parentsOf(leaves, call).map((path) => withValue(call.body, [...path, 'zzUnknown'], MARK)),
  ),
  {
    row: 'B06',
    what: 'the prototype of everything',
    statuses: [422],
    of: ({ body }, call) =>
      body
        ? ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'].map((name) =>
            raw(
              call,
              JSON.stringify(call.body).replace('{', `{"${name}":{"isAdmin":"${MARK}"}${comma(call)}`),
            ),
          )
        : [],
  },
  inBody('B07', 'a property too few', (call, leaves) =>
    leaves
      .filter((leaf) => leaf.isRequired && valueAt(call.body, leaf.path) !== undefined)
      .map((leaf) => withoutValue(call.body, leaf.path)),
  ),
  inBody('B07', 'something else than an object', () => roots),
  inBody('B08', 'a value of another type', (call, leaves) =>
    leaves.flatMap(({ path, schema }) =>
      wrongTypesFor(schema).map((value) => withValue(call.body, path, value)),
    ),
  ),
  inBody('B08', 'a moment that never comes', (call, leaves) =>
    leaves
      .filter(({ schema }) => schema['format'] === 'date-time')
      .flatMap(({ path }) => IMPOSSIBLE_MOMENTS.map((text) => withValue(call.body, path, text))),
  ),
  {
    row: 'B09',
    what: 'numbers that are none',
    statuses: [400, 422],
    of: ({ body }, call) =>
      leavesOf(body ?? {})
        .filter(({ schema }) => schema['type'] === 'integer')
        .flatMap(({ path, schema }) =>
          [...NUMBERS, ...beyond(schema)].map((text) => withNumber(call, path, text)),
        ),
  },
  inBody('B11', 'text that cannot be stored', (call, leaves) =>
    leaves
      .filter(({ schema }) => isOfType(schema, 'string'))
      .flatMap(({ path }) => UNSTORABLE.map((text) => withValue(call.body, path, text))),
  ),
  inBody('B11', 'a line that nobody sees, or that is not one', (call, leaves) =>
    leaves
      .filter(({ schema }) => schema['pattern'] === LINE_PATTERN)
      .flatMap(({ path }) => UNSEEN.map((text) => withValue(call.body, path, text))),
  ),
  inBody('B11', 'text that is too long', (call, leaves) =>
    leaves
      .filter(({ schema }) => typeof schema['maxLength'] === 'number')
      .map(({ path, schema }) => withValue(call.body, path, 'x'.repeat(Number(schema['maxLength']) + 1))),
  ),
  inBody('B12', '5,000 properties', (call) => [
    {
      ...Object(call.body),
      ...Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 1])),
    },
  ]),
  inBody('B12', 'a list of too many', (call, leaves) =>
    leaves
      .filter(({ schema }) => schema['type'] === 'array')
      .map(({ path, schema }) =>
        withValue(
          call.body,
          path,
          Array(Number(schema['maxItems']) + 1).fill(valueAt(call.body, [...path, 0]) ?? 1),
        ),
      ),
  ),
  {
    row: 'B13',
    what: 'more than a body may have',
    statuses: [413],
    of: ({ body, takesImage }, call) => {
      if (takesImage) return [{ ...call, body: new Uint8Array(5 * 1024 * 1024 + 1) }]
      return body ? [raw(call, JSON.stringify(call.body).padEnd(JSON_BYTES_MAX + 1))] : []
    },
  },
  ...ambiguous.map(asBadInput),
]

function asBadInput([row, what, change]: (typeof malformed)[number]): BadInput {
  return {
    row,
    what,
    statuses: [400, 422],
    of: ({ body }, call) => (body ? [raw(call, change(JSON.stringify(call.body)))] : []),
  }
}

function inBody(
  row: string,
  what: string,
  bodiesOf: (call: Call, leaves: readonly Leaf[]) => readonly unknown[],
): BadInput {
  return {
    row,
    what,
    statuses: [422],
    of: ({ body }, call) =>
      body ? bodiesOf(call, leavesOf(body)).map((bad) => raw(call, JSON.stringify(bad))) : [],
  }
}

/** A call whose body is sent as these characters or bytes, still called JSON. */
function raw(call: Call, body: string | Uint8Array<ArrayBuffer>): Call {
  return { ...call, headers: { ...call.headers, 'content-type': 'application/json' }, body }
}

function wrongTypesFor(schema: Leaf['schema']): readonly unknown[] {
  if (isOfType(schema, 'boolean')) return [0, 'true', null]
  const wrong = isOfType(schema, 'integer')
    ? wrongForNumber
    : isOfType(schema, 'string')
      ? wrongForText
      : wrongForOthers
  return isOfType(schema, 'null') ? wrong.filter((value) => value !== null) : wrong
}

function isOfType(schema: Leaf['schema'], type: string): boolean {
  return [schema['type']].flat().includes(type)
}

function beyond(schema: Leaf['schema']): string[] {
  return [Number(schema['minimum']) - 1, Number(schema['maximum']) + 1].map(String)
}

/** JSON.stringify knows no number of thirty digits. */
function withNumber(call: Call, path: Leaf['path'], text: string): Call {
  const placed = JSON.stringify(withValue(call.body, path, '#here#'))
  return raw(
    call,
    placed.replace('"#here#"', () => text),
  )
}

/** The objects in a body, whose properties are all known. */
function parentsOf(leaves: readonly Leaf[], { body }: Call): Leaf['path'][] {
  const parents = leaves
    .map(({ path }) => path.slice(0, -1))
    .filter((path) => valueAt(body, path) !== undefined)
  return [[], ...parents].filter(
    (path, index, all) => all.findIndex((other) => other.join('/') === path.join('/')) === index,
  )
}

function firstMemberOf(json: string): string {
  const [[name, value] = ['a', 1]] = Object.entries(Object(JSON.parse(json)))
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`
}

function escapedFirstMemberOf(json: string): string {
  const member = firstMemberOf(json)
  return member.replace(/^"(.)/, (_, first: string) => `"\\u00${first.charCodeAt(0).toString(16)}`)
}

function comma({ body }: Call): string {
  return Object.keys(Object(body)).length > 0 ? ',' : ''
}

function notUtf8(json: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(json.replace(/}$/, `,"${MARK}":"?"}`))
  return bytes.with(bytes.lastIndexOf(0x3f), 0xff)
}
