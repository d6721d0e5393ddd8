import Negotiator from 'negotiator'
import { requestHeaders } from '../api/headers.ts'
import { answersPicture, IMAGE_ANSWER_TYPE, type Operation } from '../api/operation.ts'
import { DomainError } from '../problem.ts'

/**
 * Refuses query strings that say something twice, because which of the two counts would be anybody's guess, or
 * something that the operation does not know.
 */
export function refuseOddQuery(operation: Operation, request: Request): void {
  if (!request.url.includes('?')) return
  const names = [...new URL(request.url).searchParams.keys()]
  if (new Set(names).size < names.length)
    throw new DomainError('malformed-request', 'Send each query parameter once')
  const known = Object.keys(operation.query?.properties ?? {})
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  throw new DomainError('validation-failed', 'There are query parameters that this operation does not know', {
    errors: [{ pointer: '/query', code: 'unexpected-property' }],
  })
}

/**
 * Refuses a request whose `Accept` leaves out what the operation answers with. Whoever takes problems takes all our JSON,
 * as only the status tells which of the two it is.
 */
export function refuseUnacceptable(operation: Operation, request: Request): void {
  const accept = request.headers.get('accept')
  if (!accept) return
  const type = answersPicture(operation) ? IMAGE_ANSWER_TYPE : 'application/json'
  const accepted = new Negotiator({ headers: { accept: accept.toLowerCase() } })
  const isWanted =
    // JSON has no charset but UTF-8, and there are clients that ask for it by that name.
    accepted.mediaTypes([type, `${type};charset=utf-8`]).length > 0 ||
    (type === 'application/json' && accepted.mediaTypes().includes('application/problem+json'))
  if (!isWanted) throw new DomainError('not-acceptable', `Accept ${type}`)
}

const IDEMPOTENCY_KEY = new RegExp(requestHeaders['Idempotency-Key'].schema.pattern)

/**
 * The Idempotency-Key of a request: 16 to 255 visible ASCII characters, bare or as a quoted string
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).
 */
export function idempotencyKeyOf(request: Request): string {
  const header = request.headers.get('idempotency-key')
  if (header === null) {
    throw new DomainError(
      'idempotency-key-missing',
      'Send a new random key, such as a UUID, and the same key again when you repeat the request',
    )
  }
  if (!IDEMPOTENCY_KEY.test(header)) {
    throw new DomainError(
      'idempotency-key-malformed',
      'An Idempotency-Key has 16 to 255 visible ASCII characters, and is sent once',
    )
  }
  return header.replaceAll('"', '')
}

/** What a writer says of the thing he changes: that it is there, or one of the versions that it may have. */
export type IfMatch = 'any' | readonly number[]

/** A list may have empty elements, which say nothing (RFC 9110, 5.6.1.2). */
const IF_MATCH = new RegExp(requestHeaders['If-Match'].schema.pattern)
const ENTITY_TAG = /(?<weak>W\/)?"(?<tag>[^"]*)"/g
/** An ETag as we hand them out: a version alone, or with a fingerprint of what changes without a new version. */
const OWN_TAG = /^(\d{1,15})(?:-[0-9a-f]{1,64})?$/

/**
 * What `If-Match` demands (RFC 9110, 13.1.1): `*`, or a list of ETags. A weak one, or one that we did not give, is that of
 * no version. Undefined when the header is not there.
 * @throws {DomainError} if-match-malformed.
 */
export function ifMatchOf(request: Request): IfMatch | undefined {
  const header = request.headers.get('if-match')?.trim()
  if (header === undefined) return undefined
  if (header === '*') return 'any'
  if (!IF_MATCH.test(header))
    throw new DomainError(
      'if-match-malformed',
      'Send the ETag as it was given, such as "3", or a list of them',
    )
  const strong = [...header.matchAll(ENTITY_TAG)].filter(({ groups }) => !groups?.['weak'])
  return strong.flatMap(({ groups }) => OWN_TAG.exec(groups?.['tag'] ?? '')?.[1] ?? []).map(Number)
}

/**
 * The same where it must be there.
 * @throws {DomainError} if-match-missing; if-match-malformed.
 */
export function requiredIfMatchOf(request: Request): IfMatch {
  const wanted = ifMatchOf(request)
  if (wanted === undefined)
    throw new DomainError('if-match-missing', 'Send the ETag of what you read in the header If-Match')
  return wanted
}

/** Whether a thing at this version may be changed by a writer who demands that. */
export function isMatch(wanted: IfMatch | undefined, version: number): boolean {
  return wanted === undefined || wanted === 'any' || wanted.includes(version)
}

/** The ETag of the given version of a thing. */
export function etagOf(version: number): string {
  return `"${version}"`
}

/** Whether the client already has what the ETag names. */
export function isNotModified(request: Request, etag: string | undefined): boolean {
  const known = request.headers.get('if-none-match')
  if (!known || !etag) return false
  return known.split(',').some((text) => text.trim() === '*' || text.trim().replace(/^W\//, '') === etag)
}
