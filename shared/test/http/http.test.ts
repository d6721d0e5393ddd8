import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { until } from '../../testing/until.ts'
import { json, type OpenNotes, openNotes, WAYS } from './http-ask.ts'
import { BUYER_SESSION, KEY, PAGE_ORIGIN, SECRET } from './http-service.ts'

const ID = '019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10'
const OTHER_ID = '019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c11'
const NOTE = { text: 'hello', count: 1, author: { name: 'Ada' } }

describe.each(WAYS)('an answer %s', (way) => {
  let notes: OpenNotes
  beforeAll(async () => {
    notes = await openNotes(way)
  })
  afterAll(() => notes.close())

  /** The line in the log about a request, once it is written. */
  function logged(requestId: string | null) {
    return until('the request is logged', () =>
      notes.lines().find((line) => line['requestId'] === requestId && line['msg'] === 'request'),
    )
  }

  test('carries the request id that the log has', async () => {
    const { headers } = await notes.ask('/notes', json(NOTE))
    const line = await logged(headers.get('x-request-id'))
    expect(line).toMatchObject({ service: 'notes', method: 'POST', operation: 'writeNote', status: 201 })
    expect(line['durationMs']).toBeNumber()
  })

  test('carries the request id and the trace that came in, when they are such', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
    const { headers } = await notes.ask('/notes', { headers: { 'x-request-id': OTHER_ID, traceparent } })
    expect(headers.get('x-request-id')).toBe(OTHER_ID)
    expect(await logged(OTHER_ID)).toMatchObject({ traceId })

    const forged = await notes.ask('/notes', { headers: { 'x-request-id': 'x"}\\n{"forged":"line' } })
    expect(forged.headers.get('x-request-id')).not.toContain('forged')
  })

  test('says in the log who called, and never the credential', async () => {
    const { headers } = await notes.ask(`/notes/${ID}/seal`, {
      method: 'POST',
      headers: { 'x-api-key': KEY },
    })
    const line = await logged(headers.get('x-request-id'))
    expect(line).toMatchObject({ operation: 'sealNote', by: 'printer', status: 204 })
    expect(JSON.stringify(notes.lines())).not.toContain(KEY)
  })

  test('has the ETag of what it shows, and is 304 without a body for a client that has it', async () => {
    const first = await notes.ask(`/notes/${ID}`)
    expect(first).toMatchObject({ status: 200, body: { text: 'hello' } })
    const etag = first.headers.get('etag')
    expect(etag).toBe('"7"')
    for (const known of [etag, `W/${etag}`, `"1", ${etag}`, '*']) {
      const second = await notes.ask(`/notes/${ID}`, { headers: { 'if-none-match': String(known) } })
      expect(second).toMatchObject({ status: 304, text: '' })
      expect(second.headers.get('etag')).toBe(etag)
      expect(second.headers.get('cache-control')).toBe('max-age=60')
    }
    const stale = await notes.ask(`/notes/${ID}`, { headers: { 'if-none-match': '"6"' } })
    expect(stale.status).toBe(200)
  })

  test('that fails is no 304 for a client that has the ETag', async () => {
    const answer = await notes.ask('/failures', { headers: { 'if-none-match': '"7"' } })
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal-error' } })
  })

  test('is a picture with its type, its headers and its ETag', async () => {
    const { status, headers, text } = await notes.ask(`/pictures/${ID}`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('image/webp')
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(text).toContain('PNG')
    const again = await notes.ask(`/pictures/${ID}`, { headers: { 'if-none-match': '"p"' } })
    expect(again).toMatchObject({ status: 304, text: '' })
  })

  test('to HEAD is that to GET without the body', async () => {
    for (const path of [`/notes/${ID}`, `/pictures/${ID}`, '/health/live', '/docs']) {
      const get = await notes.ask(path)
      const head = await notes.ask(path, { method: 'HEAD' })
      expect(head).toMatchObject({ status: 200, text: '' })
      expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
      expect(head.headers.get('etag')).toBe(get.headers.get('etag'))
    }
    expect((await notes.ask('/notes/zzz', { method: 'HEAD' })).status).toBe(422)
    expect((await notes.ask('/pictures', { method: 'HEAD' })).status).toBe(405)
  })

  test('of 204 has no body', async () => {
    const answer = await notes.ask(`/notes/${ID}`, { method: 'DELETE', headers: { session: BUYER_SESSION } })
    expect(answer).toMatchObject({ status: 204, text: '' })
    expect(answer.headers.has('content-type')).toBe(false)
  })

  test('to a refusal has the code, the fields, the members and the time to wait', async () => {
    const answer = await notes.ask('/notes', json({ ...NOTE, text: 'gloom' }))
    expect(answer.status).toBe(409)
    expect(answer.headers.get('retry-after')).toBe('3')
    expect(answer.body).toMatchObject({
      type: 'urn:bazaar:problem:too-gloomy',
      title: 'The note is too gloomy',
      code: 'too-gloomy',
      detail: 'Write something brighter',
      errors: [{ pointer: '/text', code: 'gloomy' }],
      sunsets: 0,
    })
    expect(await logged(answer.headers.get('x-request-id'))).toMatchObject({
      status: 409,
      code: 'too-gloomy',
    })
  })

  test.each([
    ['a thrown error', 'error', 500, 'internal-error'],
    ['a thrown text', 'text', 500, 'internal-error'],
    ['nothing at all that is thrown', 'nothing-thrown', 500, 'internal-error'],
    ['a thrown answer', 'answer-thrown', 500, 'internal-error'],
    ['a refusal that the API does not list', 'unlisted-code', 500, 'internal-error'],
    ['a member of the wrong type', 'wrong-type', 500, 'internal-error'],
    ['a member that is missing', 'missing-field', 500, 'internal-error'],
    ['a member too many', 'extra-field', 500, 'internal-error'],
    ['a nested member too many', 'extra-nested-field', 500, 'internal-error'],
    ['nothing where there should be something', 'nothing', 500, 'internal-error'],
    ['something that cannot be reached', 'unavailable', 503, 'dependency-unavailable'],
  ])('to %s gives nothing away', async (_, kind, status, code) => {
    const answer = await notes.ask(`/failures/${kind}`, { method: 'POST' })
    expect(answer).toMatchObject({ status, body: { code } })
    expect(Object.keys(answer.body).sort()).toEqual(
      status === 500
        ? ['code', 'instance', 'status', 'title', 'type']
        : ['code', 'detail', 'instance', 'status', 'title', 'type'],
    )
    const requestId = answer.headers.get('x-request-id')
    const error = notes.lines().find((line) => line['requestId'] === requestId && line['level'] === 'error')
    expect(error).toMatchObject({ operation: 'fail', msg: code })
  })

  test('is logged as what it was, also when it came before the body was read', async () => {
    const answer = await notes.ask('/notes/019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10', {
      ...json({ text: 'x' }, { session: 'redis-is-away-today' }),
      method: 'PUT',
    })
    expect(answer.status).toBe(503)
    const requestId = answer.headers.get('x-request-id')
    const error = notes.lines().find((line) => line['requestId'] === requestId && line['level'] === 'error')
    expect(error?.['error']).toMatchObject({ kind: 'DependencyUnavailable', dependency: 'redis' })
  })

  test('says when to come back if something cannot be reached', async () => {
    const answer = await notes.ask('/failures/unavailable', { method: 'POST' })
    expect(answer.headers.get('retry-after')).toBe('2')
  })

  test('is counted by operation and status', async () => {
    await notes.ask('/notes?sort=up')
    const metrics = await until('it is counted', async () => {
      const { text, headers } = await notes.ask('/metrics')
      expect(headers.get('content-type')).toStartWith('text/plain')
      return text.includes('operation="listNotes"') && text
    })
    expect(metrics).toMatch(
      /http_request_duration_seconds_count\{(?=[^}]*service="notes")(?=[^}]*operation="listNotes")(?=[^}]*status="200")[^}]*\} [1-9]/,
    )
    expect(metrics).toContain('process_cpu_seconds_total')
  })
})

describe.each(WAYS)('CORS %s', (way) => {
  let notes: OpenNotes
  beforeAll(async () => {
    notes = await openNotes(way)
  })
  afterAll(() => notes.close())
  const corsNames = (headers: Headers) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-'))

  test('lets a page of an allowed origin call and read what it needs', async () => {
    for (const path of ['/notes', '/nothing-here', '/health/live', '/openapi.json', `/pictures/${ID}`]) {
      const { headers } = await notes.ask(path, { headers: { origin: PAGE_ORIGIN } })
      expect(headers.get('access-control-allow-origin')).toBe(PAGE_ORIGIN)
      expect(headers.get('access-control-expose-headers')).toContain('etag')
      expect(corsNames(headers)).toHaveLength(2)
    }
  })

  test('answers the question of a browser whether such a page may', async () => {
    const asked = {
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'session,if-match',
    }
    const answer = await notes.ask(`/notes/${ID}`, {
      method: 'OPTIONS',
      headers: { origin: PAGE_ORIGIN, ...asked },
    })
    expect(answer).toMatchObject({ status: 204, text: '' })
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE_ORIGIN)
    expect(answer.headers.get('access-control-allow-methods')).toContain('PUT')
    for (const name of [
      'session',
      'x-api-key',
      'idempotency-key',
      'if-match',
      'content-type',
      'tracestate',
      'baggage',
    ])
      expect(answer.headers.get('access-control-allow-headers')).toContain(name)
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
  })

  test.each([
    'https://evil.example',
    'https://localhost:4002',
    'http://localhost:40021',
    'http://xlocalhost:4002',
    'http://localhost:4002.evil.example',
    'null',
  ])('lets nobody at %s', async (origin) => {
    const asked = { 'access-control-request-method': 'POST' }
    const preflight = await notes.ask('/notes', { method: 'OPTIONS', headers: { origin, ...asked } })
    expect(corsNames(preflight.headers)).toEqual([])
    const plain = await notes.ask('/notes', { headers: { origin } })
    expect(corsNames(plain.headers)).toEqual([])
  })

  test('says nothing to a caller that is no web page', async () => {
    expect(corsNames((await notes.ask('/notes')).headers)).toEqual([])
  })
})

describe.each(WAYS)('health %s', (way) => {
  test('is live as long as the process answers, and ready when all it needs works', async () => {
    const notes = await openNotes(way)
    notes.health.checks['mysql'] = async () => undefined
    expect(await notes.ask('/health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } })
    expect(await notes.ask('/health/live')).toMatchObject({ status: 200, body: { status: 'live' } })
    await notes.close()
  })

  test('is ready, and says what is degraded, when only its background work cannot go on', async () => {
    const notes = await openNotes(way)
    notes.health.background['broker'] = async () => 'not connected'
    expect(await notes.ask('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ready', degraded: { broker: 'not connected' } },
    })
    await notes.close()
  })

  test('is not ready, and says why, when something is wrong, unreachable, silent or stopping', async () => {
    const notes = await openNotes(way)
    notes.health.checks['fine'] = async () => undefined
    notes.health.checks['wrong'] = async () => 'is read-only'
    notes.health.checks['gone'] = () => Promise.reject(new Error(SECRET))
    notes.health.checks['silent'] = () => new Promise(() => undefined)
    notes.health.draining = true
    const answer = await notes.app.handle(new Request('http://localhost/health/ready'))
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({
      status: 'not ready',
      failures: {
        wrong: 'is read-only',
        gone: 'cannot be reached',
        silent: 'did not answer within 500 ms',
        service: 'is stopping',
      },
    })
    expect((await notes.ask('/health/live')).status).toBe(200)
    await notes.close()
  })
})
