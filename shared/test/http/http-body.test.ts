import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import { connect } from 'node:net'
import { listen } from '../../http/listen.ts'
import { until } from '../../testing/until.ts'
import { json, type OpenNotes, openNotes, RECEIVED, refusalsBy, WAYS } from './http-ask.ts'
import { createNotes } from './http-service.ts'

const NOTE = { text: 'hello', count: 1, author: { name: 'Ada' } }
const JSON_BYTES_MAX = 64 * 1024

describe.each(WAYS)('a body %s', (way) => {
  let notes: OpenNotes
  const refused = refusalsBy(() => notes)
  beforeAll(async () => {
    notes = await openNotes(way)
  })
  afterAll(() => notes.close())

  test.each([
    ['cut off', '{"text":"received-value"'],
    ['with something behind it', '{} received-value'],
    ['in single quotes', "{'text':'received-value'}"],
    ['with NaN', '{"count":NaN}'],
    ['empty', ''],
    ['bottomless', '['.repeat(30_000)],
    ['too deep', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['too deep inside', `{"tags":${'['.repeat(16)}${']'.repeat(16)}}`],
  ])('with JSON that is %s is 400', async (_, body) => {
    await refused('/notes', json(body), 400, 'malformed-json')
  })

  test('with bytes that are not UTF-8 is 400', async () => {
    const body = new Uint8Array([...new TextEncoder().encode('{"text":"'), 0xff, 0xfe, 0x22, 0x7d])
    await refused('/notes', { ...json(''), body }, 400, 'malformed-json')
  })

  test('has blanks at the ends of its texts taken off', async () => {
    const body = { ...NOTE, text: '  hello\u00a0', author: { name: '\u3000Ada ' }, tags: [' old\n'] }
    const answer = await notes.ask('/notes', json(body))
    expect([answer.status, answer.body]).toEqual([201, { ...NOTE, tags: ['old'] }])
  })

  test('may be as long in emoji as in letters', async () => {
    const body = {
      ...NOTE,
      text: '🫖'.repeat(20),
      author: { name: '🇩🇪'.repeat(10) },
      tags: ['😀'.repeat(10)],
    }
    const answer = await notes.ask('/notes', json(body))
    expect([answer.status, answer.body]).toEqual([201, body])
  })

  test.each([
    ['NUL', { ...NOTE, text: `a\u0000${RECEIVED}` }, '/text'],
    ['a lone surrogate', JSON.stringify(NOTE).replace('hello', '\\ud800'), '/text'],
    ['NUL deep inside', { ...NOTE, author: { name: '\u0000' } }, '/author/name'],
    ['NUL in a name', { ...NOTE, 'a\u0000b': 1 }, ''],
  ])('with text that holds %s is 422', async (_, body, pointer) => {
    const { body: problem } = await refused('/notes', json(body), 422, 'validation-failed')
    expect(problem['errors']).toEqual([{ pointer, code: 'unstorable-text' }])
  })

  test.each([
    ['a property too many', { ...NOTE, evil: RECEIVED }, [{ pointer: '/evil', code: 'unexpected-property' }]],
    [
      'a nested property too many',
      { ...NOTE, author: { name: 'Ada', evil: RECEIVED } },
      [{ pointer: '/author/evil', code: 'unexpected-property' }],
    ],
    [
      'a key that a record does not take',
      { ...NOTE, colours: { UPPER: RECEIVED } },
      [{ pointer: '/colours/UPPER', code: 'unexpected-property' }],
    ],
    [
      '__proto__',
      JSON.stringify(NOTE).replace('{', `{"__proto__":{"text":"${RECEIVED}"},`),
      [{ pointer: '/__proto__', code: 'unexpected-property' }],
    ],
    [
      'nothing in it',
      {},
      [
        { pointer: '/text', code: 'required' },
        { pointer: '/count', code: 'required' },
        { pointer: '/author', code: 'required' },
      ],
    ],
    ['null instead of an object', 'null', [{ pointer: '', code: 'type' }]],
    ['a list instead of an object', [RECEIVED], [{ pointer: '', code: 'type' }]],
    ['text instead of an object', `"${RECEIVED}"`, [{ pointer: '', code: 'type' }]],
    ['digits for a number', { ...NOTE, count: '1' }, [{ pointer: '/count', code: 'type' }]],
    ['true for a number', { ...NOTE, count: true }, [{ pointer: '/count', code: 'type' }]],
    ['a list for a number', { ...NOTE, count: [1] }, [{ pointer: '/count', code: 'type' }]],
    ['a number for text', { ...NOTE, text: 1 }, [{ pointer: '/text', code: 'type' }]],
    ['a fraction', { ...NOTE, count: 1.5 }, [{ pointer: '/count', code: 'whole-number' }]],
    ['too small a number', { ...NOTE, count: 0 }, [{ pointer: '/count', code: 'minimum', limit: 1 }]],
    ['too large a number', { ...NOTE, count: 10 }, [{ pointer: '/count', code: 'maximum', limit: 9 }]],
    [
      'the number of a card',
      { ...NOTE, text: '4111 1111 1111 1111' },
      [{ pointer: '/text', code: 'card-number' }],
    ],
    ...[
      ['text that nobody can see', '\u200b\u2060', 'shows-nothing'],
      ['a blank of Braille', '\u2800', 'shows-nothing'],
      ['a filler of Hangul', '\u3164', 'shows-nothing'],
      ['a hyphen that is not shown', '\u00ad', 'shows-nothing'],
      ['a line separator', `${RECEIVED}\u2028b`, 'breaks-line'],
      ['a next line', 'a\u0085b', 'breaks-line'],
      ['what turns the direction', '\u202egnp', 'changes-direction'],
    ].map(([name, text, code]): [string, object, object[]] => [
      String(name),
      { ...NOTE, text },
      [{ pointer: '/text', code }],
    ]),
    [
      'an endless number',
      JSON.stringify(NOTE).replace(':1', ':1e999'),
      [{ pointer: '/count', code: 'number-not-exact' }],
    ],
    ['blank text', { ...NOTE, text: ' ' }, [{ pointer: '/text', code: 'pattern' }]],
    ['a line break', { ...NOTE, text: `${RECEIVED}\n` }, [{ pointer: '/text', code: 'pattern' }]],
    [
      'too long a text',
      { ...NOTE, text: RECEIVED.repeat(2) },
      [{ pointer: '/text', code: 'max-length', limit: 20 }],
    ],
    [
      'an emoji too many',
      { ...NOTE, text: '🫖'.repeat(21), tags: ['', '😀'.repeat(11)] },
      [
        { pointer: '/text', code: 'max-length', limit: 20 },
        { pointer: '/tags/1', code: 'max-length', limit: 10 },
      ],
    ],
    [
      'one emoji where there must be two',
      { ...NOTE, sign: '🫖' },
      [{ pointer: '/sign', code: 'min-length', limit: 2 }],
    ],
    [
      'too many members',
      { ...NOTE, tags: ['a', 'b', 'c', 'd'] },
      [{ pointer: '/tags', code: 'max-items', limit: 3 }],
    ],
  ])('with %s is 422 and says where', async (_, body, errors) => {
    const answer = await refused('/notes', json(body), 422, 'validation-failed')
    expect(answer.body['errors']).toEqual(errors)
  })

  test('with many things wrong names 20 of them, and cuts names that are too long', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`evil${index}`, RECEIVED]))
    const { body } = await refused('/notes', json({ ...NOTE, ...many }), 422, 'validation-failed')
    expect(body['errors']).toHaveLength(20)
    const { text } = await refused(
      '/notes',
      json({ ...NOTE, ['x'.repeat(50_000)]: 1 }),
      422,
      'validation-failed',
    )
    expect(text.length).toBeLessThan(1_000)
  })

  test.each([
    ['a form', { body: new URLSearchParams({ text: RECEIVED }) }],
    ['a multipart form', { body: multipart() }],
    ['plain text', { body: RECEIVED, headers: { 'content-type': 'text/plain' } }],
    ['no type', { body: JSON.stringify(NOTE), headers: { 'content-type': '' } }],
    ['no body', {}],
    ['JSON in another alphabet', json(NOTE, { 'content-type': 'application/json; charset=latin1' })],
    ['compressed JSON', json(NOTE, { 'content-encoding': 'gzip' })],
    ['a dialect of JSON', json(NOTE, { 'content-type': 'application/merge-patch+json' })],
  ])('with %s where JSON is wanted is 415', async (_, init) => {
    await refused('/notes', { method: 'POST', ...init }, 415, 'unsupported-media-type')
  })

  test('takes application/json however it is written', async () => {
    for (const type of [
      'Application/JSON',
      'application/json; charset=UTF-8',
      'application/json;charset="utf-8"',
    ])
      expect((await notes.ask('/notes', json(NOTE, { 'content-type': type }))).status).toBe(201)
  })

  test('with more than 64 KiB of JSON is 413, whether it says so before or not', async () => {
    const fits = JSON.stringify(NOTE).padEnd(JSON_BYTES_MAX, ' ')
    expect((await notes.ask('/notes', json(fits))).status).toBe(201)
    const { body } = await refused('/notes', json(`${fits} `), 413, 'body-too-large')
    expect(body['limitBytes']).toBe(JSON_BYTES_MAX)

    expect((await notes.ask('/notes', { ...json(''), ...inChunks(fits) })).status).toBe(201)
    await refused('/notes', { ...json(''), ...inChunks(`${fits} `) }, 413, 'body-too-large')
    await refused('/notes', { ...json(''), ...inChunks(fits.repeat(30)) }, 413, 'body-too-large')
  })
})

function multipart(): FormData {
  const form = new FormData()
  form.append('text', RECEIVED)
  return form
}

/** A body that is sent piece by piece, so that its length is not said before. */
function inChunks(text: string): RequestInit {
  const pieces = text.match(/.{1,8000}/gs) ?? []
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift()
      if (piece === undefined) controller.close()
      else controller.enqueue(new TextEncoder().encode(piece))
    },
  })
  return Object.assign({ body }, { duplex: 'half' })
}

test('a body that breaks off is no fault of ours', async () => {
  const { app, lines } = createNotes()
  const listening = await listen(app, { host: '127.0.0.1', port: 0 })
  const requestId = crypto.randomUUID()
  const head = ['POST /notes HTTP/1.1', 'Host: localhost', `X-Request-Id: ${requestId}`]
  const socket = connect(listening.port, '127.0.0.1')
  await once(socket, 'connect')
  const type = ['Content-Type: application/json', 'Content-Length: 1000', '', '{"text":"hel']
  socket.write([...head, ...type].join('\r\n'), () => socket.destroy())
  const line = await until('the request is logged', () =>
    lines().find((one) => one['requestId'] === requestId && one['msg'] === 'request'),
  )
  await listening.stop()
  expect(line).toMatchObject({ status: 400, code: 'malformed-request' })
  expect(lines().filter(({ level }) => level === 'error')).toEqual([])
})
