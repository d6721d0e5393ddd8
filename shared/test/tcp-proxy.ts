import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * How a proxy treats its connections: `pass` hands everything on; `black-hole` keeps them open but nothing gets
 * through any more, like a paused server or a cut cable; `refuse` has no listener, like a stopped server.
 */
export type ProxyMode = 'pass' | 'black-hole' | 'refuse'

/** A TCP proxy in front of a real server, for tests of what happens when the network fails. */
export type TcpProxy = {
  port: number
  /** The URL of the server with the proxy in its place. */
  url: string
  setMode: (mode: ProxyMode) => Promise<void>
  /** Breaks all present connections off and tells how many there were. New ones are treated by the mode. */
  cut: () => number
  /** Breaks each new connection off once the server has sent so many bytes on it; undefined: never. */
  cutAfterBytes: (bytes: number | undefined) => void
  /** How many connections were made in all. */
  accepted: () => number
  close: () => Promise<void>
}

type Pair = { client: Socket; server: Socket }

/** Starts a proxy on a free port in front of the server at `target`, a URL with host and port. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port: targetPort } = new URL(target)
  const pairs = new Set<Pair>()
  let mode: ProxyMode = 'pass'
  let bytesMax: number | undefined
  let accepted = 0
  let listener = await listen(0)
  const port = portOf(listener)
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(port)

  function accept(client: Socket): void {
    accepted++
    const server = connect(Number(targetPort), hostname)
    const pair = { client, server }
    pairs.add(pair)
    let bytesLeft = bytesMax
    server.on('data', (chunk: Buffer) => {
      if (bytesLeft !== undefined && chunk.length >= bytesLeft) {
        client.write(chunk.subarray(0, bytesLeft), () => breakOff(pair))
        bytesLeft = 0
        return
      }
      if (bytesLeft !== undefined) bytesLeft -= chunk.length
      client.write(chunk)
    })
    client.on('data', (chunk: Buffer) => server.write(chunk))
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.setNoDelay(true)
      socket.on('error', () => breakOff(pair))
      socket.on('close', () => {
        pairs.delete(pair)
        other.end()
      })
    }
    flow(pair)
  }

  function flow({ client, server }: Pair): void {
    for (const socket of [client, server]) {
      if (mode === 'black-hole') socket.pause()
      else socket.resume()
    }
  }

  function breakOff({ client, server }: Pair): void {
    client.destroy()
    server.destroy()
  }

  function listen(port: number): Promise<Server> {
    return new Promise((resolve, reject) => {
      const server = createServer(accept)
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => resolve(server))
    })
  }

  function cut(): number {
    const present = [...pairs]
    pairs.clear()
    for (const pair of present) breakOff(pair)
    return present.length
  }

  function stopListening(): Promise<void> {
    return new Promise((resolve) => listener.close(() => resolve()))
  }

  return {
    port,
    url: url.href,
    async setMode(next) {
      if (mode === 'refuse' && next !== 'refuse') listener = await listen(port)
      const wasListening = mode !== 'refuse'
      mode = next
      if (next === 'refuse' && wasListening) {
        const stopped = stopListening()
        cut()
        await stopped
      }
      for (const pair of pairs) flow(pair)
    },
    cut,
    cutAfterBytes(bytes) {
      bytesMax = bytes
    },
    accepted: () => accepted,
    async close() {
      const stopped = mode === 'refuse' ? Promise.resolve() : stopListening()
      cut()
      await stopped
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return address.port
}
