import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Listening, listen } from '../../http/listen.ts'
import { createNotes } from './http-service.ts'

let listening: Listening

beforeAll(async () => {
  listening = await listen(createNotes().app, { host: '127.0.0.1', port: 0 })
})

afterAll(() => listening.stop())

/** The status of the answer to a request of which this is the head; HTTP/1.0 may name no host. */
async function statusOf(line: string, version = '1.0', headers: readonly string[] = []): Promise<string> {
  const socket = connect(listening.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write([`${line} HTTP/${version}`, ...headers, 'Connection: close', '', ''].join('\r\n'))
  const [answered = ''] = (await text(socket)).split('\r\n')
  return answered.split(' ')[1] ?? ''
}

describe('a request without a host', () => {
  test.each([
    ['GET', '/health/live', '200'],
    ['GET', '/health/ready', '200'],
    ['POST', '/health/live', '404'],
    ['GET', '/health/live?x=1', '400'],
    ['GET', '/notes', '400'],
    ['GET', '/metrics', '400'],
    ['GET', '/aaaaaaaaaa/metrics', '400'],
    ['GET', '//aaaaaaaa/health/live', '400'],
  ])('%s %s is answered %s', async (method, path, status) => {
    expect(await statusOf(`${method} ${path}`)).toBe(status)
  })
})

describe('a request with two hosts', () => {
  test.each([
    ['different ones', ['Host: localhost', 'Host: example.com']],
    ['the same twice', ['Host: localhost', 'Host: localhost']],
    ['one of them in small letters, further down', ['Host: localhost', 'Accept: */*', 'host: example.com']],
  ])('is refused: %s', async (_, headers) => {
    expect(await statusOf('GET /notes', '1.1', headers)).toBe('400')
    expect(await statusOf('GET /health/live', '1.1', headers)).toBe('400')
    expect(await statusOf('GET /notes', '1.1', headers.slice(0, 1))).toBe('200')
  })
})
