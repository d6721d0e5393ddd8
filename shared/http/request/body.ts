import { DomainError } from '../../problem.ts'
import { DeadlineExceeded, within } from '../../process/deadline.ts'
import { parseStrictJson } from './strict-json.ts'

/** No JSON body of ours needs more: a hundred order lines take about 8 KiB. */
const JSON_BYTES_MAX = 64 * 1024

/** A slower client would hold a connection and memory for nothing: at 4 Mbit/s, 5 MB arrive in time. */
const BODY_DEADLINE_MS = 10_000

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a JSON body strictly: right media type, not compressed, bounded size, well-formed UTF-8, bounded nesting,
 * nothing that two parsers would read differently, and no text that a database cannot store.
 *
 * @throws {DomainError} unsupported-media-type, body-too-large, malformed-request, malformed-json or
 * validation-failed.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  mediaTypeOf(request, {
    accepted: (type, charset) => type === 'application/json' && [undefined, 'utf-8'].includes(charset),
    wanted: 'application/json',
  })
  const bytes = await readBytes(request, JSON_BYTES_MAX)
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch (cause) {
    throw new DomainError('malformed-json', 'The body is not JSON in UTF-8', { cause })
  }
  return parseStrictJson(text)
}

/**
 * The media type of the body, in lower case and without parameters.
 * @throws {DomainError} unsupported-media-type when it is another one than is wanted, or the body is compressed.
 */
export function mediaTypeOf(
  request: Request,
  { accepted, wanted }: { accepted: (type: string, charset: string | undefined) => boolean; wanted: string },
): string {
  const [given = '', ...parameters] = (request.headers.get('content-type') ?? '').toLowerCase().split(';')
  const type = given.trim()
  const charset = parameters.map((text) => /^\s*charset="?([^"]*)"?\s*$/.exec(text)?.[1]).find(Boolean)
  if (!accepted(type, charset?.trim()) || request.headers.has('content-encoding')) {
    throw new DomainError('unsupported-media-type', `Send ${wanted}, uncompressed`)
  }
  return type
}

/**
 * The whole body, of at most so many bytes, within the time that a body has.
 * @throws {DomainError} body-too-large, malformed-request when it breaks off, request-too-slow.
 */
export async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw tooLarge(bytesMax)
  return await inTime(readAll(request, bytesMax))
}

/** The refusal of a body that is larger than that. */
export function tooLarge(bytesMax: number): DomainError {
  return new DomainError('body-too-large', `The body may have at most ${bytesMax} bytes`, {
    members: { limitBytes: bytesMax },
  })
}

async function readAll(request: Request, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.byteLength
      if (length > bytesMax) throw tooLarge(bytesMax)
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof DomainError) throw cause
    // The client has gone; the log must not show that as a fault of ours.
    throw new DomainError('malformed-request', 'The body ended too early', { cause })
  }
  return Buffer.concat(chunks)
}

async function inTime<Read>(reading: Promise<Read>): Promise<Read> {
  try {
    return await within(BODY_DEADLINE_MS, reading, 'the body takes too long to arrive')
  } catch (cause) {
    if (!(cause instanceof DeadlineExceeded)) throw cause
    // The rest of the body, or its failure, no longer matters.
    reading.catch(() => undefined)
    throw new DomainError(
      'request-too-slow',
      `The body must arrive within ${BODY_DEADLINE_MS / 1000} seconds`,
      {
        headers: { connection: 'close' },
        cause,
      },
    )
  }
}
