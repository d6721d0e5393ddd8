import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Listening, listen } from '../runtime.ts'
import { createNotes } from './http-service.ts'

let listening: Listening

beforeAll(async () => {
  listening = await listen(createNotes().app, { host: '127.0.0.1', port: 0 })
})

afterAll(() => listening.stop())

/** The first line of the answer to a request of HTTP/1.0 that names no host. */
async function statusOf(method: string, path: string): Promise<string> {
  const socket = connect(listening.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`${method} ${path} HTTP/1.0\r\n\r\n`)
  const [line = ''] = (await text(socket)).split('\r\n')
  return line.split(' ')[1] ?? ''
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
    expect(await statusOf(method, path)).toBe(status)
  })
})
