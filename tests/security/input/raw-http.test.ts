import { describe, expect, test } from 'bun:test'
import { newPerson } from '../../journeys/world.ts'
import { complaintsAboutProblem } from '../output/judge.ts'
import { send } from '../system/ask.ts'
import { changesBetween, settledRows } from '../system/rows.ts'
import { SERVICES, urlOf } from '../system/stack.ts'
import { openSocket, sendRaw, wire } from './raw.ts'

/*
 * What no HTTP client would send: two headers where there is one, requests in disguise, lies about lengths, odd
 * paths and methods. What Bun itself refuses has no body, by its nature; everything else is a problem.
 */

const buyer = await newPerson('BUYER')
const login = JSON.stringify({ login: buyer.email, password: 'not the right one' })
const JSON_TYPE = 'Content-Type: application/json'

describe('S57 B23 a request in disguise', () => {
  const smuggled = 'GET /users/me HTTP/1.1\r\nHost: localhost\r\n\r\n'
  test.each([
    ['with a length and chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked'], `0\r\n\r\n${smuggled}`],
    ['with chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 4'], `0\r\n\r\n${smuggled}`],
    ['with two lengths', ['Content-Length: 0', `Content-Length: ${smuggled.length}`], smuggled],
    ['with a signed length', ['Content-Length: +25'], smuggled],
    ['with a length in words', ['Content-Length: ten'], smuggled],
    ['with chunks of another kind', ['Transfer-Encoding: xchunked'], `0\r\n\r\n${smuggled}`],
    ['with a blank before the colon', ['Content-Length : 5'], `hello${smuggled}`],
    ['with a folded header', ['X-One: a\r\n Content-Length: 5'], `hello${smuggled}`],
  ])('%s is answered once, and cut off or refused', async (_, headers, body) => {
    const { statuses } = await sendRaw('user', wire('POST /sessions', [JSON_TYPE, ...headers], body), {
      answers: 2,
      silenceMs: 1_000,
    })
    expect(statuses.length).toBeLessThanOrEqual(1)
    for (const status of statuses) expect([400, 413, 415, 422, 501, 505]).toContain(status)
  })

  test.each([
    ['without a host', 'GET /home HTTP/1.1\r\n\r\n'],
    ['with bare line feeds', 'GET /home HTTP/1.1\nHost: localhost\n\n'],
    ['that is TLS', new Uint8Array([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, 13, 10, 13, 10])],
    ['of another protocol', 'GET /home SMTP/1.1\r\nHost: localhost\r\n\r\n'],
  ])('%s is refused or cut off', async (_, bytes) => {
    const { statuses, wasClosed } = await sendRaw('inventory', bytes, { silenceMs: 2_000 })
    expect(statuses.filter((status) => status < 400)).toEqual([])
    expect(statuses.length === 1 || wasClosed).toBe(true)
  })
})

describe('S57 a lie about the length', () => {
  test('B13 changes nothing and holds up nobody', async () => {
    const before = await settledRows()
    const liar = openSocket('user')
    liar.write(wire('POST /users', [JSON_TYPE, 'Content-Length: 60000'], '{"type":"BUYER"'))
    expect((await send(`${urlOf('user')}/health/live`, {})).status).toBe(200)
    liar.destroy()
    expect(changesBetween(before, await settledRows())).toEqual([])
  })

  test('B13 in chunks beyond the limit is 413', async () => {
    const chunk = `${(8_192).toString(16)}\r\n${' '.repeat(8_192)}\r\n`
    const request = wire(
      'POST /sessions',
      [JSON_TYPE, 'Transfer-Encoding: chunked'],
      `${chunk.repeat(10)}0\r\n\r\n`,
    )
    expect((await sendRaw('user', request)).statuses).toEqual([413])
  })
})

describe('S50 B14 too much', () => {
  test.each([
    ['in one header', '/home', [`X-Long: ${'x'.repeat(20_000)}`], [431]],
    ['in one cookie', '/home', [`Cookie: ${'c=1; '.repeat(6_000)}`], [431]],
    ['in the address', `/products?q=${'x'.repeat(20_000)}`, [], [414, 431]],
    ['in 150 headers', '/home', Array.from({ length: 150 }, (_, index) => `X-${index}: 1`), [200, 431]],
  ])('%s is refused', async (_, path, headers, statuses) => {
    const { statuses: found } = await sendRaw('inventory', wire(`GET ${path}`, headers))
    expect(found).toHaveLength(1)
    expect(statuses).toContain(found[0] ?? 0)
  })
})

describe('S20 S26 B25 a session', () => {
  const me = (headers: string[]) => sendRaw('user', wire('GET /users/me', headers))
  const { session } = buyer

  test.each([
    ['missing', []],
    ['empty', ['SESSION:']],
    ['of one letter', ['SESSION: x']],
    ['of 10,000 letters', [`SESSION: ${'x'.repeat(10_000)}`]],
    [
      'not in ASCII',
      [
        'SESSION: \u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc',
      ],
    ],
    ['unknown', [`SESSION: ${'A'.repeat(43)}`]],
    ['with something behind it', [`SESSION: ${session} x`]],
    ['with one letter more', [`SESSION: ${session}x`]],
    [
      'in another case',
      [`SESSION: ${session.toLowerCase() === session ? session.toUpperCase() : session.toLowerCase()}`],
    ],
    ['as cookie', [`Cookie: SESSION=${session}`]],
    ['as authorization', [`Authorization: Bearer ${session}`]],
    ['as key', [`X-API-Key: ${session}`]],
  ])('%s is 401, in the same words', async (_, headers) => {
    const { statuses, text } = await me(headers)
    expect(statuses).toEqual([401])
    expect(text).toContain('Log in and send the session key in the header SESSION')
  })

  test('in the query is refused, and is no session', async () => {
    for (const name of ['session', 'SESSION']) {
      const { statuses } = await sendRaw('user', wire(`GET /users/me?${name}=${session}`, []))
      expect(statuses).toEqual([401])
    }
  })

  test('twice is 400', async () => {
    expect((await me([`SESSION: ${session}`, `SESSION: ${session}`])).statuses).toEqual([400])
    expect((await me([`SESSION: ${session}`, `Session: ${'A'.repeat(43)}`])).statuses).toEqual([400])
  })

  test('lets in when it is right, in each case of its name and with blanks around it', async () => {
    for (const header of [`SESSION: ${session}`, `session:${session}`, `Session:   ${session}  `])
      expect((await me([header])).statuses).toEqual([200])
  })
})

describe('S40 B16 a header of somebody who wants to be another', () => {
  test.each(['X-User-Id', 'X-Forwarded-User', 'X-Seller-Id', 'X-Original-URL', 'X-Rewrite-URL'])(
    '%s is not looked at',
    async (name) => {
      const { statuses } = await sendRaw('user', wire('GET /users/me', [`${name}: ${buyer.id}`]))
      expect(statuses).toEqual([401])
    },
  )

  test('X-HTTP-Method-Override does not change the method', async () => {
    const override = ['X-HTTP-Method-Override: DELETE', 'X-HTTP-Method: DELETE', 'X-Method-Override: DELETE']
    const request = wire('GET /sessions', [`SESSION: ${buyer.session}`, ...override])
    expect((await sendRaw('user', request)).statuses).toEqual([200])
    expect((await sendRaw('user', request)).statuses).toEqual([200])
  })
})

describe('S50 B18 a path', () => {
  test.each([
    '/users/%ZZ',
    '/users/%00',
    '/users/..%2fhealth%2fready',
    '/users/%252e%252e/health/live',
    '/users/me/',
    '//users/me',
    '/USERS/ME',
    '/users/me;a=b',
    '/users/me/../../health/live/x',
    '/users/me%00',
    '/./users/me/.',
    '/docs/../src/main.ts',
    '/docs/..%2f..%2fpackage.json',
    '/docs/%2e%2e%2fpackage.json',
    '/.env',
    '/.git/config',
  ])('%s is none of ours, and leads nowhere else', async (path) => {
    const { statuses, text } = await sendRaw('user', wire(`GET ${path}`, []))
    expect(statuses).toHaveLength(1)
    expect([400, 401, 404]).toContain(statuses[0] ?? 0)
    expect(text).not.toMatch(/"scripts"|"status":"(ready|live)"|import /)
  })
})

describe('S50 B22 what is unusual and right', () => {
  test('is served: three requests at once on one connection', async () => {
    const { statuses } = await sendRaw('inventory', wire('GET /health/live', []).repeat(3), { answers: 3 })
    expect(statuses).toEqual([200, 200, 200])
  })

  test('is served: a thousand requests on one connection', async () => {
    const { statuses } = await sendRaw('inventory', wire('GET /health/live', []).repeat(1_000), {
      answers: 1_000,
      silenceMs: 20_000,
    })
    expect(statuses.filter((status) => status === 200)).toHaveLength(1_000)
  })

  test('is served: HTTP/1.0 and Expect', async () => {
    expect((await sendRaw('inventory', 'GET /health/live HTTP/1.0\r\nHost: x\r\n\r\n')).statuses).toEqual([
      200,
    ])
    const expecting = wire(
      'POST /sessions',
      [JSON_TYPE, 'Expect: 100-continue', `Content-Length: ${login.length}`],
      login,
    )
    expect((await sendRaw('user', expecting, { answers: 2, silenceMs: 2_000 })).statuses.at(-1)).toBe(401)
  })

  test('B02 a body where none is wanted is not read', async () => {
    const { statuses } = await sendRaw('inventory', wire('GET /home', ['Content-Length: 5'], 'hello'))
    expect([200, 400]).toContain(statuses[0] ?? 0)
  })
})

test.each([...SERVICES])('S57 %s still answers, as a problem where it should', async (service) => {
  const answer = await send(`${urlOf(service)}/nothing-here`, {})
  expect(answer.status).toBe(404)
  expect(complaintsAboutProblem(answer)).toEqual([])
})
