import { expect, test } from 'bun:test'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { listen } from '../../http/listen.ts'
import { until } from '../../testing/until.ts'
import { createNotes } from './http-service.ts'

const note = JSON.stringify({ text: 'hello', count: 1, author: { name: 'Ada' } })
const request = [
  'POST /notes HTTP/1.1',
  'Host: localhost',
  'Content-Type: application/json',
  `Content-Length: ${note.length}`,
  '',
  note,
].join('\r\n')

/** The line in the log of a request that still waits to be let in while its client does something. */
async function loggedAfter(meanwhile: (client: Socket) => Promise<unknown>): Promise<unknown> {
  const [arrived, letIn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const take = async () => {
    arrived.resolve()
    await letIn.promise
    return {}
  }
  const { app, lines } = createNotes({ rateLimiter: { take } })
  const listening = await listen(app, { host: '127.0.0.1', port: 0 })
  const client = connect(listening.port, '127.0.0.1').resume()
  client.write(request)
  await arrived.promise
  await meanwhile(client)
  letIn.resolve()
  const line = await until('the request is in the log', () =>
    lines().find(({ operation }) => operation === 'writeNote'),
  )
  client.destroy()
  await listening.stop()
  return line['status']
}

test('a request whose client waits is carried out', async () => {
  expect(await loggedAfter(async () => undefined)).toBe(201)
})

test.each<[string, (client: Socket) => unknown]>([
  ['closes its half of the connection', (client) => client.end()],
  ['sends a line end', (client) => client.write('\r\n')],
  ['sends another request', (client) => client.write(request)],
])('a request whose client %s before it is let in is not carried out', async (_, interrupt) => {
  const logged = await loggedAfter(async (client) => {
    interrupt(client)
    await once(client, 'end')
  })
  expect(logged).toBe(400)
})
