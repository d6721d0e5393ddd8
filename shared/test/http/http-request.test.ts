import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { json, type OpenNotes, openNotes, RECEIVED, refusalsBy, WAYS } from './http-ask.ts'
import { BUYER_SESSION, KEY } from './http-service.ts'

const ID = '019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10'
const NOTE = { text: 'hello', count: 1, author: { name: 'Ada' } }

describe.each(WAYS)('a request %s', (way) => {
  let notes: OpenNotes
  const refused = refusalsBy(() => notes)
  beforeAll(async () => {
    notes = await openNotes(way)
  })
  afterAll(() => notes.close())

  test.each([
    ['/notes?limit=1&limit=2', 400, 'malformed-request'],
    ['/notes?limit=1&%6Cimit=2', 400, 'malformed-request'],
    [`/notes?colour=${RECEIVED}`, 422, 'validation-failed'],
    [`/notes?limit=${RECEIVED}`, 422, 'validation-failed'],
    ['/notes?limit=01', 422, 'validation-failed'],
    ['/notes?limit=1e0', 422, 'validation-failed'],
    ['/notes?limit=%201', 422, 'validation-failed'],
    ['/notes?limit[]=1', 422, 'validation-failed'],
    ['/notes?sort=down;drop', 422, 'validation-failed'],
    ['/notes?__proto__=1', 422, 'validation-failed'],
    ['/notes?limit=%zz', 422, 'validation-failed'],
    ['/notes?q=%E0%A4%A', 422, 'validation-failed'],
    ['/notes?q=%FF', 422, 'validation-failed'],
    ['/notes/zzz', 422, 'validation-failed'],
    ['/notes/%zz', 422, 'validation-failed'],
    ['/notes/%00', 422, 'validation-failed'],
    [`/notes/{${ID}}`, 422, 'validation-failed'],
    [`/notes/${ID}/more`, 404, 'not-found'],
    ['/nothing-here', 404, 'not-found'],
    ['/docs/constructor', 404, 'not-found'],
    ['/docs/..%2f..%2fpackage.json', 404, 'not-found'],
    ['/NOTES', 404, 'not-found'],
  ])('for %s is %i %s', async (path, status, code) => {
    await refused(path, undefined, status, code)
  })

  test('with a method that a path does not have is 405 and names those it has', async () => {
    const patch = await refused('/notes', { method: 'PATCH' }, 405, 'method-not-allowed')
    expect(patch.headers.get('allow')).toBe('GET, HEAD, POST')
    const post = await refused(`/notes/${ID}`, json(NOTE), 405, 'method-not-allowed')
    expect(post.headers.get('allow')).toBe('GET, HEAD, PUT, DELETE')
    const options = await refused('/failures/error', { method: 'OPTIONS' }, 405, 'method-not-allowed')
    expect(options.headers.get('allow')).toBe('POST')
  })

  test('that accepts nothing of what there is is 406', async () => {
    for (const accept of ['text/html', 'application/xml, text/*;q=0.5', '*/*;q=0', 'image/png'])
      await refused('/notes', { headers: { accept } }, 406, 'not-acceptable')
    for (const accept of ['*/*', 'application/*', 'text/html, */*;q=0.1', 'application/problem+json'])
      expect((await notes.ask('/notes', { headers: { accept } })).status).toBe(200)
    for (const accept of ['application/json;q=0, */*', 'application/*;q=0.0, application/json;q=0'])
      await refused('/notes', { headers: { accept } }, 406, 'not-acceptable')
  })

  test('for a picture that accepts no WebP is 406', async () => {
    const path = `/pictures/${ID}`
    for (const accept of [
      'text/html',
      'image/png, image/jpeg',
      'image/webp;q=0, image/*',
      'image/*;q=0, */*',
    ])
      await refused(path, { headers: { accept } }, 406, 'not-acceptable')
    for (const accept of [
      'image/avif, image/webp',
      'image/*',
      'image/png, */*;q=0.8',
      'image/*;q=0, image/webp',
    ])
      expect((await notes.ask(path, { headers: { accept } })).status).toBe(200)
  })

  test('of somebody unknown is 401, all the same for every reason, before anything else is looked at', async () => {
    const bodies = new Set<string>()
    for (const session of [
      undefined,
      '',
      'short',
      'x'.repeat(300),
      'nobody-has-this-session',
      `${BUYER_SESSION}x`,
    ]) {
      const headers = session === undefined ? {} : { session }
      for (const path of [`/notes/${ID}`, '/notes/zzz']) {
        const answer = await refused(path, { ...json('{', headers), method: 'PUT' }, 401, 'unauthenticated')
        expect(answer.headers.get('www-authenticate')).toContain('realm="bazaar"')
        bodies.add(answer.text.replace(/urn:uuid:[^"]+/, ''))
      }
    }
    expect(bodies.size).toBe(1)
  })

  test('of a caller without the right is 403, and of one that cannot be looked up 503', async () => {
    const seal = (key: string) => ({ method: 'POST', headers: { 'x-api-key': key } })
    await refused(`/notes/${ID}/seal`, seal(`${KEY}-weak`), 403, 'forbidden')
    await refused(
      `/notes/${ID}/seal`,
      { method: 'POST', headers: { session: BUYER_SESSION } },
      401,
      'unauthenticated',
    )
    const away = { method: 'DELETE', headers: { session: 'redis-is-away-today' } }
    await refused(`/notes/${ID}`, away, 503, 'dependency-unavailable')
  })

  test('with two sessions or two keys is 400', async () => {
    const twice = (name: string, value: string): RequestInit => ({
      method: name === 'session' ? 'DELETE' : 'POST',
      headers: [
        [name, value],
        [name, value],
      ],
    })
    await refused(`/notes/${ID}`, twice('session', BUYER_SESSION), 400, 'malformed-request')
    await refused(`/notes/${ID}/seal`, twice('x-api-key', KEY), 400, 'malformed-request')
  })

  const change = (headers: Record<string, string>) => ({
    ...json({ text: 'x' }, { session: BUYER_SESSION, ...headers }),
    method: 'PUT',
  })

  test.each([
    [undefined, 'idempotency-key-missing'],
    ['', 'idempotency-key-malformed'],
    ['k'.repeat(15), 'idempotency-key-malformed'],
    ['k'.repeat(256), 'idempotency-key-malformed'],
    ['key with blanks in it', 'idempotency-key-malformed'],
    ['0123456789abcdef, 0123456789abcdef', 'idempotency-key-malformed'],
  ])('with the Idempotency-Key %p is 400', async (key, code) => {
    const headers = { 'if-match': '"3"', ...(key === undefined ? {} : { 'idempotency-key': key }) }
    await refused(`/notes/${ID}`, change(headers), 400, code)
  })

  test.each([
    [undefined, 428, 'if-match-missing'],
    ['3', 400, 'if-match-malformed'],
    ['"3', 400, 'if-match-malformed'],
    ['"3" "4"', 400, 'if-match-malformed'],
    ['"3", *', 400, 'if-match-malformed'],
    ['', 400, 'if-match-malformed'],
    [',', 400, 'if-match-malformed'],
  ])('with If-Match %p is %i', async (etag, status, code) => {
    const headers = { 'idempotency-key': 'k'.repeat(16), ...(etag === undefined ? {} : { 'if-match': etag }) }
    await refused(`/notes/${ID}`, change(headers), status, code)
  })

  test.each([
    ['"3"', [3], false],
    ['"3-0a"', [3], false],
    ['"3","4-0a" , "of,others", ""', [3, 4], false],
    [', "3",,"4" ,', [3, 4], false],
    ['W/"3"', [], false],
    ['W/"3", "4"', [4], false],
    ['*', [], true],
  ])('with If-Match %p means the versions %p', async (etag, versions, any) => {
    const key = 'k'.repeat(16)
    const answer = await notes.ask(`/notes/${ID}`, change({ 'idempotency-key': key, 'if-match': etag }))
    expect([answer.status, answer.body]).toEqual([200, { versions, any, key }])
  })

  test('names a thing in capitals as well, and is answered in lower case', async () => {
    const { status, body } = await notes.ask(`/notes/${ID.toUpperCase()}`)
    expect([status, body['id']]).toEqual([200, ID])
  })

  test('with empty parameters is one without them', async () => {
    for (const query of ['limit=', 'sort=&limit=', 'sort=%20'])
      expect((await notes.ask(`/notes?${query}`)).status).toBe(200)
  })

  test('names the parameter that ends within a character', async () => {
    const { body } = await refused('/notes?limit=1&q=%E0%A4%A', {}, 422, 'validation-failed')
    expect(body['errors']).toEqual([{ pointer: '/query/q', code: 'unstorable-text' }])
  })

  test('may search for as many emoji as letters', async () => {
    const search = (q: string) => notes.ask(`/notes?q=${encodeURIComponent(q)}`)
    expect((await search('🫖'.repeat(5))).status).toBe(200)
    expect(await search('🫖'.repeat(6))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/query/q', code: 'max-length', limit: 5 }] },
    })
  })

  test('with its Idempotency-Key in quotes or without means the same', async () => {
    for (const key of ['"0123456789abcdef"', '0123456789abcdef']) {
      const { status, body } = await notes.ask(
        `/notes/${ID}`,
        change({ 'if-match': '"3"', 'idempotency-key': key }),
      )
      expect({ status, body }).toEqual({
        status: 200,
        body: { versions: [3], any: false, key: '0123456789abcdef' },
      })
    }
  })
})
