import { newId } from '@bazaar/shared/database/columns'
import type { Call } from '../system/ask.ts'
import type { Operation } from '../system/operations.ts'
import { type BadInput, IMPOSSIBLE_MOMENTS, MARK } from './bad-bodies.ts'

const IDS = [
  '0',
  '-1',
  'abc',
  '9223372036854775808',
  '019cd1f0-6f00-0c3a-8d21-5e9b4f7a2c10',
  '{019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10}',
  MARK.repeat(15),
  "' or '1'='1",
  '../../etc/passwd',
  'null\u0000',
]
const QUERIES = ['-1', '0x10', '1e3', '1e9', MARK, 'password', "' or 1=1 --", '[object Object]', '\u0000']
const KEYS = [
  '',
  'x',
  'x'.repeat(15),
  'x'.repeat(256),
  'sixteen-and-ünï',
  `"${'x'.repeat(20)}`,
  'with a blank in it',
]
const TAGS = ['', '1', '"1', '"1" "2"', '"1", *', MARK]
const STALE_TAGS = ['"999"', 'W/"1"', '"one"', '"998", "999"']

/** Everything that can be wrong with the rest of a request. */
export const badRequests: readonly BadInput[] = [
  {
    row: 'B19',
    what: 'ids that are none',
    statuses: [404, 422],
    of: ({ parameters }, call) =>
      named(parameters, 'path').flatMap(({ name }) =>
        IDS.map((id) => ({ ...call, params: { ...call.params, [name]: id } })),
      ),
  },
  {
    row: 'B19',
    what: 'ids of what is not there',
    statuses: [404],
    of: ({ parameters, answers }, call) => {
      const unknown = named(parameters, 'path').map(({ name }) => [name, nobodys(name)])
      return answers.has(404) ? [{ ...call, params: Object.fromEntries(unknown) }] : []
    },
  },
  {
    row: 'B20',
    what: 'query parameters that are wrong',
    statuses: [422],
    of: (operation, call) =>
      named(operation.parameters, 'query').flatMap(({ name, schema }) =>
        QUERIES.filter((value) => !mayBe(value, schema)).map((value) => withQuery(call, { [name]: value })),
      ),
  },
  {
    row: 'B20',
    what: 'a moment that never comes',
    statuses: [422],
    of: (operation, call) =>
      named(operation.parameters, 'query')
        .filter(({ schema }) => schema['format'] === 'date-time')
        .flatMap(({ name }) => IMPOSSIBLE_MOMENTS.map((text) => withQuery(call, { [name]: text }))),
  },
  {
    row: 'B20',
    what: 'a query parameter that nobody knows',
    statuses: [422],
    of: (_, call) => [withQuery(call, { zzUnknown: MARK }), withQuery(call, { 'limit[]': '1' })],
  },
  {
    row: 'B20',
    what: 'a query parameter that is there twice',
    statuses: [400],
    of: (_, call) => [{ ...call, queryText: 'zzTwice=1&zzTwice=1' }],
  },
  {
    row: 'B21',
    what: 'an Accept that leaves nothing',
    statuses: [406],
    of: (_, call) =>
      ['text/html', '*/*;q=0', 'application/xml, text/*'].map((accept) => withHeader(call, { accept })),
  },
  {
    row: 'B26',
    what: 'an Idempotency-Key that is none',
    statuses: [400],
    of: (operation, call) =>
      wants(operation, 'Idempotency-Key')
        ? [
            without(call, 'idempotency-key'),
            ...KEYS.map((key) => withHeader(call, { 'idempotency-key': key })),
          ]
        : [],
  },
  {
    row: 'B27',
    what: 'no If-Match',
    statuses: [428],
    of: (operation, call) => (demands(operation, 'If-Match') ? [without(call, 'if-match')] : []),
  },
  {
    row: 'B27',
    what: 'an If-Match that is no ETag of ours',
    statuses: [400],
    of: (operation, call) =>
      wants(operation, 'If-Match') ? TAGS.map((tag) => withHeader(call, { 'if-match': tag })) : [],
  },
  {
    row: 'B27',
    what: 'an If-Match that is stale',
    statuses: [412],
    of: (operation, call) =>
      wants(operation, 'If-Match') ? STALE_TAGS.map((tag) => withHeader(call, { 'if-match': tag })) : [],
  },
]

/** An id that nothing has. */
function nobodys(name: string): string {
  return name === 'publicId' ? '0'.repeat(16) : newId()
}

function named(parameters: Operation['parameters'], place: string): Operation['parameters'] {
  return parameters.filter((parameter) => parameter.in === place)
}

function wants({ parameters }: Operation, header: string): boolean {
  return parameters.some((parameter) => parameter.in === 'header' && parameter.name === header)
}

function demands({ parameters }: Operation, header: string): boolean {
  return parameters.some((parameter) => parameter.name === header && parameter.required)
}

/** Search words may be almost anything. */
function mayBe(value: string, schema: Operation['parameters'][number]['schema']): boolean {
  const pattern = schema['pattern']
  if (schema['enum'] !== undefined || schema['type'] === 'integer') return false
  return typeof pattern !== 'string' || new RegExp(pattern).test(value)
}

function withQuery(call: Call, query: Record<string, string>): Call {
  return { ...call, query: { ...call.query, ...query } }
}

function withHeader(call: Call, headers: Record<string, string>): Call {
  return { ...call, headers: { ...call.headers, ...headers } }
}

function without(call: Call, header: string): Call {
  const { [header]: _, ...headers } = call.headers ?? {}
  return { ...call, headers }
}
