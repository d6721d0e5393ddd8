import { afterAll, expect, test } from 'bun:test'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { outcomeOf, send } from './client.ts'

/** What the server does with a request, by its path. */
const answers: Record<string, string> = {
  '/made': answer('201 Created', 'application/json', '{"id":"1"}', ['Idempotent-Replayed: true']),
  '/refused': answer(
    '409 Conflict',
    'application/problem+json',
    '{"code":"out-of-stock","instance":"urn:uuid:1"}',
  ),
  '/refused-again': answer(
    '409 Conflict',
    'application/problem+json',
    '{"code":"out-of-stock","instance":"urn:uuid:2"}',
  ),
  '/away': answer(
    '503 Service Unavailable',
    'application/problem+json',
    '{"code":"dependency-unavailable"}',
    ['Retry-After: 2'],
  ),
  '/no-when': answer(
    '503 Service Unavailable',
    'application/problem+json',
    '{"code":"dependency-unavailable"}',
  ),
  '/broken': answer('500 Internal Server Error', 'application/problem+json', '{"code":"internal-error"}'),
  '/bare': answer('404 Not Found', 'text/html', '<p>'),
  '/nonsense': answer('200 OK', 'application/json', '{"id":"1'),
  '/half': answer('200 OK', 'application/json', '{"id":"1"}').slice(0, -4),
}

let connections = 0
const server = createServer((socket) => {
  connections += 1
  socket.on('error', () => undefined)
  socket.on('data', (request) => {
    const path = String(request).split(' ')[1] ?? ''
    if (answers[path]) socket.end(answers[path])
    else socket.destroy()
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
// A server on a port has an address and not a path.
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
afterAll(() => server.close())

const ask = (path: string, base = url) => {
  const urls = { iam: base, user: base, inventory: base, order: base }
  return send(urls, { service: 'order', method: 'POST', path, body: {} })
}

test.each([
  [200, undefined, 'ok'],
  [201, undefined, 'ok'],
  [202, undefined, 'ok'],
  [204, undefined, 'ok'],
  ...[400, 401, 403, 404, 405, 413, 415, 422, 429].map((status) => [status, undefined, 'fail'] as const),
  [409, 'out-of-stock', 'fail'],
  [409, 'illegal-transition', 'fail'],
  [409, 'idempotency-key-in-use', 'info'],
  [500, 'internal-error', 'info'],
  [502, undefined, 'info'],
  [503, 'dependency-unavailable', 'info'],
] as const)('outcomeOf() takes %d %s for %s', (status, code, outcome) => {
  expect(outcomeOf(status, code)).toBe(outcome)
})

test('send() tells what came of a request', async () => {
  expect(await ask('/made')).toMatchObject({ outcome: 'ok', status: 201, body: { id: '1' }, replayed: true })
  expect(await ask('/refused')).toMatchObject({ outcome: 'fail', status: 409, code: 'out-of-stock' })
  expect(await ask('/away')).toMatchObject({ outcome: 'info', status: 503, retryAfterMs: 2_000 })
  expect((await ask('/away')).flaw).toBeUndefined()
  expect(await ask('/half')).toMatchObject({ outcome: 'info', status: 'cut' })
  expect(await ask('/cut')).toMatchObject({ outcome: 'info', status: 'cut' })
  expect(await ask('/', 'http://127.0.0.1:1')).toMatchObject({ outcome: 'fail', status: 'refused' })
})

test('send() sees the same answer again, but for the id of the request', async () => {
  const [first, again, other] = [await ask('/refused'), await ask('/refused-again'), await ask('/made')]
  expect(again.fingerprint).toBe(first.fingerprint ?? '')
  expect(other.fingerprint).not.toBe(first.fingerprint ?? '')
})

test('send() notes bad manners', async () => {
  expect((await ask('/broken')).flaw).toBe('answered 500')
  expect((await ask('/no-when')).flaw).toBe('a 503 without Retry-After')
  expect((await ask('/bare')).flaw).toBe('a 404 that is not JSON')
  expect(await ask('/nonsense')).toMatchObject({ outcome: 'info', flaw: 'a 200 that is not JSON' })
})

test('send() sends once, also when the connection is cut', async () => {
  const before = connections
  await ask('/cut')
  await ask('/made')
  await ask('/cut')
  expect(connections - before).toBe(3)
})

function answer(status: string, type: string, body: string, headers: string[] = []): string {
  const lines = [`HTTP/1.1 ${status}`, `Content-Type: ${type}`, `Content-Length: ${body.length}`, ...headers]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}
