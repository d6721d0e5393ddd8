import Negotiator from 'negotiator'
import { requestHeaders } from '../../api/headers.ts'
import { answersPicture, IMAGE_ANSWER_TYPE, type Operation } from '../../api/operation.ts'
import { DomainError } from '../../problem.ts'

/**
 * Refuses query strings with a repeated parameter, because it would be anybody's guess which one counts, or with a
 * parameter that the operation does not know.
 */
export function refuseOddQuery(operation: Operation, request: Request): void {
  if (!request.url.includes('?')) return
  const names = [...new URL(request.url).searchParams.keys()]
  if (new Set(names).size < names.length)
    throw new DomainError('malformed-request', 'Send each query parameter once')
  const known = Object.keys(operation.query?.properties ?? {})
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new DomainError('validation-failed', 'The query has parameters that this operation does not know', {
      errors: [{ pointer: '/query', code: 'unexpected-property' }],
    })
  }
  refuseMalformedPercents(request.url)
}

/** A value that is not UTF-8 in percent-encoding would be taken for what it looks like before it is decoded. */
function refuseMalformedPercents(url: string): void {
  for (const parameter of url.slice(url.indexOf('?') + 1).split('&')) {
    try {
      decodeURIComponent(parameter)
    } catch {
      const [name] = new URLSearchParams(parameter).keys()
      throw new DomainError('validation-failed', '1 field is not valid', {
        errors: [{ pointer: `/query/${name}`, code: 'unstorable-text' }],
      })
    }
  }
}

/**
 * Refuses a request whose `Accept` excludes the operation's answer. A client that accepts problems accepts all our
 * JSON, because only the status tells the two apart.
 */
export function refuseUnacceptable(operation: Operation, request: Request): void {
  const accept = request.headers.get('accept')
  if (!accept) return
  const type = answersPicture(operation) ? IMAGE_ANSWER_TYPE : 'application/json'
  const accepted = new Negotiator({ headers: { accept: accept.toLowerCase() } })
  const isWanted =
    // UTF-8 is JSON's only charset, and some clients ask for it by name.
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
      'Send a new random key, such as a UUID, and send the same key again when you repeat the request',
    )
  }
  if (!IDEMPOTENCY_KEY.test(header)) {
    throw new DomainError(
      'idempotency-key-malformed',
      'Send one Idempotency-Key of 16 to 255 visible ASCII characters',
    )
  }
  return header.replaceAll('"', '')
}

/** The condition of a writer on the thing they change: that it exists, or that it has one of these versions. */
export type IfMatch = 'any' | readonly number[]

/** A list may have empty elements, which mean nothing (RFC 9110, 5.6.1.2). */
const IF_MATCH = new RegExp(requestHeaders['If-Match'].schema.pattern)
const ENTITY_TAG = /(?<weak>W\/)?"(?<tag>[^"]*)"/g
/**
 * An ETag as we issue them: a version alone, or with a fingerprint of the parts that change without a new version.
 */
const OWN_TAG = /^(\d{1,15})(?:-[0-9a-f]{1,64})?$/

/**
 * The condition in `If-Match` (RFC 9110, 13.1.1): `*`, or a list of ETags. A weak ETag, or one that we did not issue,
 * matches no version. Undefined when the header is missing.
 * @throws {DomainError} if-match-malformed.
 */
export function ifMatchOf(request: Request): IfMatch | undefined {
  const header = request.headers.get('if-match')?.trim()
  if (header === undefined) return undefined
  if (header === '*') return 'any'
  if (!IF_MATCH.test(header))
    throw new DomainError(
      'if-match-malformed',
      'Send the ETag exactly as you received it, such as "3", or a list of ETags',
    )
  const strong = [...header.matchAll(ENTITY_TAG)].filter(({ groups }) => !groups?.['weak'])
  return strong.flatMap(({ groups }) => OWN_TAG.exec(groups?.['tag'] ?? '')?.[1] ?? []).map(Number)
}

/**
 * The condition in `If-Match` where the header is required.
 * @throws {DomainError} if-match-missing; if-match-malformed.
 */
export function requiredIfMatchOf(request: Request): IfMatch {
  const wanted = ifMatchOf(request)
  if (wanted === undefined)
    throw new DomainError('if-match-missing', 'Send the ETag of the version you read in the header If-Match')
  return wanted
}

/** Whether the writer's condition allows a change of this version. */
export function isMatch(wanted: IfMatch | undefined, version: number): boolean {
  return wanted === undefined || wanted === 'any' || wanted.includes(version)
}

/** The ETag of the given version of a thing. */
export function etagOf(version: number): string {
  return `"${version}"`
}

/** Whether the client already has the version that the ETag names. */
export function isNotModified(request: Request, etag: string | undefined): boolean {
  const known = request.headers.get('if-none-match')
  if (!known || !etag) return false
  return known.split(',').some((text) => text.trim() === '*' || text.trim().replace(/^W\//, '') === etag)
}
