const KEY = '[\\x21\\x23-\\x2b\\x2d-\\x7e]{16,255}'
const TAG = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"'
/** A list may have empty elements (RFC 9110, 5.6.1.2). */
const TAGS = `[\\s,]*${TAG}(?:\\s*,[\\s,]*${TAG})*[\\s,]*`

/** A header as the document describes it. */
type Header = {
  description: string
  schema: { type: 'string' | 'integer'; [word: string]: string | number }
  example: string | number
}

/**
 * How long the answer to a request is kept for its Idempotency-Key, in hours: a request of Friday can still be repeated
 * on Monday.
 */
export const ANSWERS_KEPT_HOURS = 72

/** The headers by which a request says more than who sends it. */
export const requestHeaders = {
  'Idempotency-Key': {
    description: `A new random key for each intent; repeat the request with the same key within ${ANSWERS_KEPT_HOURS} hours and it is done once. 16 to 255 visible ASCII characters but quotes and commas, bare or between quotes`,
    schema: { type: 'string', minLength: 16, maxLength: 257, pattern: `^(?:${KEY}|"${KEY}")$` },
    example: '7f0e6d0c-6a57-4a2b-9a55-4a7d4f0f3c11',
  },
  'If-Match': {
    description: 'The ETag of what you read, a list of such, or `*`',
    schema: { type: 'string', pattern: `^(?:\\*|${TAGS})$` },
    example: '"1"',
  },
  'If-None-Match': {
    description: 'The ETag of what you have: it is not sent again while it is the same, 304 says so',
    schema: { type: 'string' },
    example: '"1"',
  },
} as const satisfies Record<string, Header>

/**
 * The headers of answers that programs look at; web pages may see them, too. `required` ones are in every answer for which
 * they are declared.
 */
export const answerHeaders = {
  'X-Request-Id': {
    description: 'Names the request, also in the logs; a problem has it as `instance`',
    required: true,
    schema: { type: 'string', format: 'uuid' },
    example: '0f8fad5b-d9cb-469f-a165-70867728950e',
  },
  ETag: {
    description: 'The state of what is shown, for If-Match and If-None-Match',
    required: true,
    schema: { type: 'string', pattern: '^"[\\x21\\x23-\\x7e]+"$' },
    example: '"1"',
  },
  Location: {
    description: 'Where the new thing is, on this service',
    required: true,
    schema: { type: 'string', format: 'uri-reference' },
    example: '/users/me',
  },
  Link: {
    description: 'The next page (RFC 8288), where there is one',
    required: false,
    schema: { type: 'string' },
    example: '</products?cursor=WyJhIl0.c2ln>; rel="next"',
  },
  'Idempotent-Replayed': {
    description: '`true` when the request was a repetition and this is the answer to the first one',
    required: false,
    schema: { type: 'string', const: 'true' },
    example: 'true',
  },
  RateLimit: {
    description:
      'How many requests are left (`r`), and for how many seconds that holds (`t`); where requests are counted',
    required: false,
    schema: { type: 'string', pattern: '^"(address|session|key)";r=\\d+;t=\\d+$' },
    example: '"session";r=299;t=60',
  },
  'RateLimit-Policy': {
    description:
      'How many requests there may be (`q`) within how many seconds (`w`); where requests are counted',
    required: false,
    schema: { type: 'string', pattern: '^"(address|session|key)";q=\\d+;w=\\d+$' },
    example: '"session";q=300;w=60',
  },
  'Retry-After': {
    description: 'After how many seconds it is worth asking again',
    required: true,
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
  'WWW-Authenticate': {
    description: 'The ways of saying who is calling',
    required: true,
    schema: { type: 'string' },
    example: 'Session realm="bazaar", ApiKey realm="bazaar"',
  },
} as const satisfies Record<string, Header & { required: boolean }>

/** The name of a header of answers. */
export type AnswerHeader = keyof typeof answerHeaders

/** Those that an operation declares for its successes; what others there are follows from the rest. */
export type OwnHeader = 'ETag' | 'Location'

const EVERYWHERE: readonly AnswerHeader[] = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy']
/** The statuses of refusals that are kept, and given once more when a request is repeated. */
const KEPT_REFUSALS = [403, 404, 409, 422]

type Answering = {
  query?: { properties: object }
  idempotencyKey?: true
  answerHeaders?: readonly OwnHeader[]
}

/** The headers that an operation's answer of that status has, or may have. */
export function headersOf(operation: Answering, status: number): readonly AnswerHeader[] {
  const { query, idempotencyKey, answerHeaders: own = [] } = operation
  const replayed: AnswerHeader[] = idempotencyKey ? ['Idempotent-Replayed'] : []
  const link: AnswerHeader[] = query && 'cursor' in query.properties ? ['Link'] : []
  if (status === 304) return ['ETag', ...link, ...EVERYWHERE]
  if (status < 400) return [...own, ...link, ...replayed, ...EVERYWHERE]
  return [
    ...(status === 401 ? (['WWW-Authenticate'] as const) : []),
    ...(status === 429 || status === 503 ? (['Retry-After'] as const) : []),
    ...(KEPT_REFUSALS.includes(status) ? replayed : []),
    ...EVERYWHERE,
  ]
}
