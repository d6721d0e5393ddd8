import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { json, type OpenNotes, openNotes, RECEIVED, refusalsBy, WAYS } from './http/http-ask.ts'

const PICTURE_BYTES_MAX = 100_000
const AROUND_FILE_BYTES_MAX = 16 * 1024
const BOUNDARY = 'the-boundary'

describe.each(WAYS)('a picture %s', (way) => {
  let notes: OpenNotes
  const refused = refusalsBy(() => notes)
  beforeAll(async () => {
    notes = await openNotes(way)
  })
  afterAll(() => notes.close())

  test('is held to its type and its own limit', async () => {
    const picture = (bytes: number, type: string) => ({
      method: 'POST',
      headers: { 'content-type': type },
      body: new Uint8Array(bytes),
    })
    const taken = await notes.ask('/pictures', picture(PICTURE_BYTES_MAX, 'image/webp'))
    expect(taken).toMatchObject({ status: 201, body: { bytes: PICTURE_BYTES_MAX } })
    await refused('/pictures', picture(PICTURE_BYTES_MAX + 1, 'image/png'), 413, 'body-too-large')
    await refused('/pictures', picture(10, 'image/svg+xml'), 415, 'unsupported-media-type')
    await refused('/pictures', json({}), 415, 'unsupported-media-type')
  })

  // What it really is decides its content, which is looked at behind this.
  test.each(['image/png', 'image/jpeg', 'image/webp', 'application/octet-stream', 'text/plain', ''])(
    'is taken as `file` of a form, as %s',
    async (type) => {
      const answer = await notes.ask('/pictures', form({ file: file(PICTURE_BYTES_MAX, type) }))
      expect(answer).toMatchObject({ status: 201, body: { bytes: PICTURE_BYTES_MAX } })
    },
  )

  test('is taken from a form with each name and type of its part, and with none', async () => {
    for (const about of ['filename=""', 'filename="../../etc/passwd"', 'filename="a\u2028.png"']) {
      const answer = await notes.ask('/pictures', written(part(`name="file"; ${about}`)))
      expect(answer).toMatchObject({ status: 201, body: { bytes: 7 } })
    }
  })

  const [one, another] = [file(10, 'image/png'), file(20, 'image/png')]
  test.each([
    ['nothing in it', form({}), [{ pointer: '/file', code: 'required' }]],
    ['a text for the file', form({ file: RECEIVED }), [{ pointer: '/file', code: 'type' }]],
    ['two files', form({ file: [one, another] }), [{ pointer: '/file', code: 'type' }]],
    [
      'the file under another name',
      form({ picture: one }),
      [
        { pointer: '/file', code: 'required' },
        { pointer: '/picture', code: 'unexpected-property' },
      ],
    ],
    [
      'more than the file',
      form({ file: one, caption: RECEIVED, a: another }),
      [
        { pointer: '/caption', code: 'unexpected-property' },
        { pointer: '/a', code: 'unexpected-property' },
      ],
    ],
    [
      '__proto__',
      written(`${part('name="file"; filename="a"')}${part('name="__proto__"; filename="b"')}`),
      [{ pointer: '/__proto__', code: 'unexpected-property' }],
    ],
    ['a part without a name', written(part('filename="a"')), [{ pointer: '/file', code: 'required' }]],
  ])('in a form with %s is 422 and says where', async (_, init, errors) => {
    const { body } = await refused('/pictures', init, 422, 'validation-failed')
    expect(body['errors']).toEqual(errors)
  })

  const whole = `${part('name="file"; filename="a"')}--${BOUNDARY}--\r\n`
  test.each([
    ['cut off before its end', written(part('name="file"; filename="a"'), { end: '' })],
    ['cut off within the last boundary', written(whole.slice(0, -6), { end: '' })],
    ['cut off within the file', written(whole.slice(0, 70), { end: '' })],
    ['empty', written('', { end: '' })],
    ['with another boundary than it says', written(whole, { type: 'multipart/form-data; boundary=other' })],
    ['that names no boundary', written(whole, { type: 'multipart/form-data' })],
  ])('in a form %s is 400', async (_, init) => {
    await refused('/pictures', init, 400, 'malformed-request')
  })

  test('in another form, or in a compressed one, is 415', async () => {
    const urlEncoded = { method: 'POST', body: new URLSearchParams({ file: RECEIVED }) }
    await refused('/pictures', urlEncoded, 415, 'unsupported-media-type')
    const compressed = { ...form({ file: one }), headers: { 'content-encoding': 'gzip' } }
    await refused('/pictures', compressed, 415, 'unsupported-media-type')
  })

  test('in a form is held to the same limit, and so is what is around it', async () => {
    const tooMuch = form({ file: file(PICTURE_BYTES_MAX + 1, 'image/png') })
    const { body } = await refused('/pictures', tooMuch, 413, 'body-too-large')
    expect(body['limitBytes']).toBe(PICTURE_BYTES_MAX)
    const around = 'x'.repeat(PICTURE_BYTES_MAX + AROUND_FILE_BYTES_MAX)
    await refused('/pictures', form({ file: one, around }), 413, 'body-too-large')
  })
})

function file(bytes: number, type: string): File {
  return new File([new Uint8Array(bytes)], 'kettle.png', { type })
}

/** A form as browsers send it. A list is sent as parts of the same name. */
function form(parts: Record<string, string | File | File[]>): RequestInit {
  const body = new FormData()
  for (const [name, values] of Object.entries(parts))
    for (const one of [values].flat()) body.append(name, one)
  return { method: 'POST', body }
}

function part(about: string): string {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; ${about}\r\n\r\nA\r\n-\r\nB\r\n`
}

/** A form written by hand, as no browser would. */
function written(
  text: string,
  { type = `multipart/form-data; boundary=${BOUNDARY}`, end = `--${BOUNDARY}--\r\n` } = {},
): RequestInit {
  return { method: 'POST', headers: { 'content-type': type }, body: text + end }
}
