import { DomainError } from '../problem.ts'
import { DeadlineExceeded, within } from '../process/deadline.ts'
import { parseStrictJson } from './strict-json.ts'

/** No JSON body of ours needs more: a hundred order lines take about 8 KiB. */
const JSON_BYTES_MAX = 64 * 1024

/** A slower client would hold a connection and memory for nothing: at 4 Mbit/s, 5 MB arrive in time. */
const BODY_DEADLINE_MS = 10_000

/** Clients send various names for this type, or none; the content alone decides then (RFC 9110, 8.3). */
const PICTURE_TYPE = /^(image\/(png|x-png|jpeg|jpg|pjpeg|webp)|application\/octet-stream|)$/

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a JSON body strictly: right media type, not compressed, bounded size, well-formed UTF-8, bounded nesting,
 * nothing that two parsers would read differently, and no text that a database cannot store.
 *
 * @throws {DomainError} unsupported-media-type, body-too-large, malformed-request, malformed-json or
 * validation-failed.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  refuseMediaType(request, {
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
 * Reads an image body unchanged. Its real type must be found from its content.
 * @throws {DomainError} unsupported-media-type, body-too-large or malformed-request.
 */
export async function readImageBody(request: Request, bytesMax: number): Promise<Uint8Array> {
  refuseMediaType(request, {
    accepted: (type) => PICTURE_TYPE.test(type),
    wanted: 'image/png, image/jpeg or image/webp',
  })
  return readBytes(request, bytesMax)
}

function refuseMediaType(
  request: Request,
  { accepted, wanted }: { accepted: (type: string, charset: string | undefined) => boolean; wanted: string },
): void {
  const [type = '', ...parameters] = (request.headers.get('content-type') ?? '').toLowerCase().split(';')
  const charset = parameters.map((text) => /^\s*charset="?([^"]*)"?\s*$/.exec(text)?.[1]).find(Boolean)
  if (!accepted(type.trim(), charset?.trim()) || request.headers.has('content-encoding')) {
    throw new DomainError('unsupported-media-type', `Send ${wanted}, uncompressed`)
  }
}

async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new DomainError('body-too-large', `The body may have at most ${bytesMax} bytes`, {
      members: { limitBytes: bytesMax },
    })
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw tooLarge()
  return await inTime(readAll(request, bytesMax, tooLarge))
}

async function readAll(request: Request, bytesMax: number, tooLarge: () => DomainError): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.byteLength
      if (length > bytesMax) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof DomainError) throw cause
    // The client has gone; the log must not show that as a fault of ours.
    throw new DomainError('malformed-request', 'The body ended too early', { cause })
  }
  return Buffer.concat(chunks)
}

async function inTime(reading: Promise<Uint8Array>): Promise<Uint8Array> {
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
