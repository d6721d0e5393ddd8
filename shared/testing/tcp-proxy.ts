import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * The way a proxy treats its connections. `pass` hands everything on. `black-hole` keeps them open but lets nothing
 * through, like a paused server or a cut cable; the two others do so in only one direction. Bytes sent in the
 * meantime arrive late, once it passes again. `refuse` has no listener, like a stopped server.
 */
export type ProxyMode = 'pass' | 'black-hole' | 'black-hole-requests' | 'black-hole-answers' | 'refuse'

/**
 * The pace at which bytes are handed on: in pieces of so many bytes, each so many milliseconds after the one before.
 */
export type ProxyPace = { delayMs: number; pieceBytes?: number }

/**
 * Bytes at which a connection is cut. Those of a client are handed on, and the server's answer is lost; those of a
 * server are lost themselves.
 */
export type ProxySpot = { of: 'client' | 'server'; bytes: string | Uint8Array }

/** A spot waiting to be passed. */
export type ArmedSpot = { hit: Promise<void>; disarm: () => void }

/** A TCP proxy in front of a real server, for tests of what happens when the network fails. */
export type TcpProxy = {
  port: number
  /** The URL of the server, with the proxy in its place. */
  url: string
  setMode: (mode: ProxyMode) => Promise<void>
  /** Hands bytes on slowly; undefined: at once. */
  setPace: (pace: ProxyPace | undefined) => void
  /** Cuts all present connections and returns their number. New ones are treated by the mode. */
  cut: () => number
  /** Cuts each new connection once the server has sent so many bytes on it; undefined: never. */
  cutAfterBytes: (bytes: number | undefined) => void
  /** Cuts the first connection, present or new, on which these bytes pass in one piece. */
  cutAt: (spot: ProxySpot) => ArmedSpot
  /** The number of connections made so far. */
  accepted: () => number
  close: () => Promise<void>
}

/** The server behind a proxy: a URL with host and port, or a function that chooses one for a new connection. */
export type ProxyTarget = string | (() => string | undefined)

type Pair = { client: Socket; server: Socket /** What the server says now is lost. */; isDeaf: boolean }

/** Starts a proxy on a free port. A connection without a target is cut. */
export async function startTcpProxy(target: ProxyTarget): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  const spots = new Set<ProxySpot & { pass: () => void }>()
  let mode: ProxyMode = 'pass'
  let pace: ProxyPace | undefined
  let bytesMax: number | undefined
  let accepted = 0
  let listener = await listen(0)
  const port = portOf(listener)
  const url = new URL(typeof target === 'string' ? target : 'http://127.0.0.1')
  url.hostname = '127.0.0.1'
  url.port = String(port)

  function accept(client: Socket): void {
    accepted++
    const chosen = typeof target === 'string' ? target : target()
    if (chosen === undefined) {
      client.destroy()
      return
    }
    const { hostname, port: serverPort } = new URL(chosen)
    const server = connect(Number(serverPort), hostname)
    const pair: Pair = { client, server, isDeaf: false }
    pairs.add(pair)
    const toClient = createHandOver(client, () => pace)
    const toServer = createHandOver(server, () => pace)
    let bytesLeft = bytesMax
    server.on('data', (chunk: Buffer) => {
      if (pair.isDeaf || passes('server', chunk)) {
        breakOff(pair)
        return
      }
      if (bytesLeft !== undefined && chunk.length >= bytesLeft) {
        client.write(chunk.subarray(0, bytesLeft), () => breakOff(pair))
        bytesLeft = 0
        return
      }
      if (bytesLeft !== undefined) bytesLeft -= chunk.length
      toClient(chunk)
    })
    client.on('data', (chunk: Buffer) => {
      if (passes('client', chunk)) pair.isDeaf = true
      toServer(chunk)
    })
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.setNoDelay(true)
      socket.on('error', () => breakOff(pair))
      socket.on('close', () => {
        other.end()
        // While one end is still open, the pair can be cut, and closing the listener waits for it.
        if (other.destroyed) pairs.delete(pair)
      })
    }
    flow(pair)
  }

  /** Whether the chunk contains bytes that a spot waits for; each spot is passed once. */
  function passes(of: 'client' | 'server', chunk: Buffer): boolean {
    const spot = [...spots].find((one) => one.of === of && chunk.includes(one.bytes))
    if (!spot) return false
    spots.delete(spot)
    spot.pass()
    return true
  }

  function flow({ client, server }: Pair): void {
    const closed = (direction: ProxyMode) => mode === 'black-hole' || mode === direction
    if (closed('black-hole-requests')) client.pause()
    else client.resume()
    if (closed('black-hole-answers')) server.pause()
    else server.resume()
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
    setPace(next) {
      pace = next
    },
    cut,
    cutAfterBytes(bytes) {
      bytesMax = bytes
    },
    cutAt(spot) {
      const hit = Promise.withResolvers<void>()
      const armed = { ...spot, pass: hit.resolve }
      spots.add(armed)
      return { hit: hit.promise, disarm: () => spots.delete(armed) }
    },
    accepted: () => accepted,
    async close() {
      const stopped = mode === 'refuse' ? Promise.resolve() : stopListening()
      cut()
      await stopped
    },
  }
}

/** Writes to a socket at the present pace, always in order: later bytes wait for those still to be written. */
function createHandOver(to: Socket, paceNow: () => ProxyPace | undefined): (chunk: Buffer) => void {
  const waiting: { piece: Buffer; dueAt: number }[] = []
  let freeAt = 0

  function send(): void {
    for (let next = waiting[0]; next; next = waiting[0]) {
      const earlyMs = next.dueAt - performance.now()
      if (earlyMs > 0) {
        setTimeout(send, Math.ceil(earlyMs))
        return
      }
      waiting.shift()
      if (to.writable) to.write(next.piece)
    }
  }

  return (chunk) => {
    const { delayMs, pieceBytes = chunk.length } = paceNow() ?? { delayMs: 0 }
    const isIdle = waiting.length === 0
    for (let start = 0; start < chunk.length; start += pieceBytes) {
      freeAt = Math.max(freeAt, performance.now()) + delayMs
      waiting.push({ piece: chunk.subarray(start, start + pieceBytes), dueAt: freeAt })
    }
    if (isIdle) send()
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return address.port
}
