import { connect, type Socket } from 'node:net'

/*
 * Asks for one page over and over on plain sockets. It has no more to do than to find where an answer ends, so it leaves the
 * machine to what is measured; `fetch` would take as long as the answer itself.
 */

/** A page that can be asked for by many at once. `end` closes the connections. */
export type Reader = { once: () => Promise<void>; end: () => Promise<void> }

/** Reads the page at an address, with headers, and expects the status each time. */
export function reader(url: string, headers: Record<string, string> = {}, status = 200): Reader {
  const { hostname, port, host, pathname, search } = new URL(url)
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  const request = `GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`
  const idle: Socket[] = []
  const all: Socket[] = []

  async function open(): Promise<Socket> {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    all.push(socket)
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    return socket
  }

  return {
    async once() {
      const socket = idle.pop() ?? (await open())
      const answered = answerOn(socket, status)
      socket.write(request)
      await answered
      idle.push(socket)
    },
    end: async () => {
      for (const socket of all) socket.destroy()
    },
  }
}

/** Waits until one whole answer has come. */
function answerOn(socket: Socket, status: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let missing: number | undefined
    let head = ''
    const settle = (error?: Error) => {
      socket.removeAllListeners()
      if (error) reject(error)
      else resolve()
    }
    socket.on('error', settle)
    socket.on('close', () => settle(new Error('the connection was closed')))
    socket.on('data', (bytes: Buffer) => {
      if (missing === undefined) {
        head += bytes.toString('latin1')
        const end = head.indexOf('\r\n\r\n')
        if (end === -1) return
        if (Number(head.slice(9, 12)) !== status) return settle(new Error(head))
        const length = /\r\ncontent-length: (\d+)/i.exec(head.slice(0, end))?.[1] ?? '0'
        missing = Number(length) - (head.length - end - 4)
      } else missing -= bytes.length
      if (missing <= 0) settle()
    })
  })
}
