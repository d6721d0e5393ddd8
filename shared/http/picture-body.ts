import { DomainError } from '../problem.ts'
import { mediaTypeOf, readBytes, tooLarge } from './request/body.ts'

const FORM = 'multipart/form-data'

/** What a form may have around the file in it: boundaries, and the headers of its part. */
const AROUND_FILE_BYTES_MAX = 16 * 1024

/** Clients send various names for this type, or none; the content alone decides then (RFC 9110, 8.3). */
const PICTURE_TYPE = /^(image\/(png|x-png|jpeg|jpg|pjpeg|webp)|application\/octet-stream|)$/

/**
 * Reads a picture: the body is the file itself, or a form that has it as `file`. Both are answered as the form, which
 * is checked afterwards as JSON is; so a part that is missing or too many is named in the refusal. What kind of picture it
 * really is must be found from its content.
 *
 * @throws {DomainError} unsupported-media-type, body-too-large, malformed-request, request-too-slow.
 */
export async function readPictureBody(request: Request, bytesMax: number): Promise<Record<string, unknown>> {
  const type = mediaTypeOf(request, {
    accepted: (type) => type === FORM || PICTURE_TYPE.test(type),
    wanted: 'image/png, image/jpeg or image/webp, or one of them as `file` of multipart/form-data',
  })
  if (type !== FORM) return { file: new File([await readBytes(request, bytesMax)], '') }
  const form = await formIn(await readBytes(request, bytesMax + AROUND_FILE_BYTES_MAX), request)
  const parts = [...new Set(form.keys())].map((name) => {
    const [first, ...others] = form.getAll(name)
    return [name, others.length > 0 ? [first, ...others] : first] as const
  })
  // The type of a part is not looked at: Bun makes it up from the name of the file.
  if (parts.some(([, file]) => file instanceof File && file.size > bytesMax)) throw tooLarge(bytesMax)
  return Object.fromEntries(parts)
}

/** The form in a body that was read, as the platform takes it apart. */
async function formIn(bytes: Uint8Array<ArrayBuffer>, { headers }: Request): Promise<FormData> {
  try {
    return await new Response(bytes, {
      headers: { 'content-type': headers.get('content-type') ?? '' },
    }).formData()
  } catch (cause) {
    throw new DomainError(
      'malformed-request',
      'The form breaks off, or its parts have another boundary than it says',
      {
        cause,
      },
    )
  }
}
