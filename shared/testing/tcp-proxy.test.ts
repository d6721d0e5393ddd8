import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'
import { until } from './until.ts'

let echo: Server
let proxy: TcpProxy
const clients: Socket[] = []

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket))
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  proxy = await startTcpProxy(`tcp://127.0.0.1:${portOf(echo)}`)
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await proxy.close()
  await new Promise((resolve) => echo.close(resolve))
})

describe('TcpProxy', () => {
  test('hands everything on', async () => {
    const client = talk()
    client.say('hello')
    await until('the echo', () => client.heard() === 'hello')
  })

  test.each(['black-hole', 'black-hole-requests', 'black-hole-answers'] as const)(
    '%s keeps back what is sent until it passes again',
    async (mode) => {
      const client = talk()
      client.say('one ')
      await until('the echo', () => client.heard() === 'one ')
      await proxy.setMode(mode)
      client.say('two')
      const other = talk()
      other.say('three')
      await until('the other connection', () => proxy.accepted() === 2)
      expect([client.heard(), other.heard()]).toEqual(['one ', ''])
      await proxy.setMode('pass')
      await until('what was late', () => client.heard() === 'one two' && other.heard() === 'three')
    },
  )

  test('refuse breaks off and lets nobody in until it passes again', async () => {
    const client = talk()
    client.say('one')
    await until('the echo', () => client.heard() === 'one')
    await proxy.setMode('refuse')
    await until('the end', client.ended)
    const refused = talk()
    await until('the refusal', refused.ended)
    await proxy.setMode('pass')
    const back = talk()
    back.say('two')
    await until('the echo', () => back.heard() === 'two')
  })

  test('refuse does not wait for a client that keeps its end open', async () => {
    const client = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true })
    client.resume()
    let isServerGone = false
    client.on('end', () => {
      isServerGone = true
    })
    echo.once('connection', (socket) => socket.once('data', () => socket.end()))
    client.write('one')
    await until('the end of the server', () => isServerGone)
    await proxy.setMode('refuse')
    const refused = talk()
    await until('the refusal', refused.ended)
    client.destroy()
  })

  test('a pace hands on late, in pieces and in order', async () => {
    proxy.setPace({ delayMs: 5, pieceBytes: 1 })
    const client = talk()
    const startedAt = performance.now()
    client.say('0123456789')
    await until('some of it', () => client.heard().length > 0)
    proxy.setPace(undefined)
    client.say('abc')
    await until('all of it', () => client.heard() === '0123456789abc')
    expect(performance.now() - startedAt).toBeGreaterThan(50)
  })

  test('what comes when the pace is over waits for what is late, however busy the process is', async () => {
    proxy.setPace({ delayMs: 5, pieceBytes: 1 })
    const client = talk()
    client.say('0123456789')
    await until('some of it', () => client.heard().length > 0)
    proxy.setPace(undefined)
    client.say('abc')
    const freeAt = performance.now() + 100
    while (performance.now() < freeAt);
    await until('all of it', () => client.heard().length === 13)
    expect(client.heard()).toBe('0123456789abc')
  })

  test('cutAt() hands on the bytes of the client and loses the answer, once', async () => {
    let heardByServer = ''
    echo.on('connection', (socket) => socket.on('data', (chunk) => (heardByServer += String(chunk))))
    const spot = proxy.cutAt({ of: 'client', bytes: 'commit' })
    const client = talk()
    client.say('update')
    await until('the echo', () => client.heard() === 'update')
    client.say(' commit')
    await spot.hit
    await until('the end', client.ended)
    expect([client.heard(), heardByServer]).toEqual(['update', 'update commit'])
    const other = talk()
    other.say('commit')
    await until('the echo', () => other.heard() === 'commit')
  })

  test('cutAt() loses the bytes of the server', async () => {
    const spot = proxy.cutAt({ of: 'server', bytes: Buffer.from('ack') })
    const client = talk()
    client.say('ack')
    await spot.hit
    await until('the end', client.ended)
    expect(client.heard()).toBe('')
  })

  test('a disarmed spot cuts nothing', async () => {
    proxy.cutAt({ of: 'server', bytes: 'ack' }).disarm()
    const client = talk()
    client.say('ack')
    await until('the echo', () => client.heard() === 'ack')
  })

  test('breaks off a connection that has no target', async () => {
    const nowhere = await startTcpProxy(() => undefined)
    const client = talk(nowhere.port)
    await until('the end', client.ended)
    await nowhere.close()
  })
})

/** A connection through the proxy: what it hears, and whether it was broken off. */
function talk(port = proxy.port) {
  const socket = connect(port, '127.0.0.1')
  clients.push(socket)
  let heard = ''
  let ended = false
  socket.on('data', (chunk) => {
    heard += String(chunk)
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    ended = true
  })
  return { say: (text: string) => socket.write(text), heard: () => heard, ended: () => ended }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}
