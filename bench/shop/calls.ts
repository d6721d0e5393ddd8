import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A call that the shop made to a service, as it can be made once more. */
export type Call = { url: string; headers: Record<string, string> }

/** What stands between a shop and a service, and notes the calls. */
export type Recorder = { url: string; calls: Call[]; close: () => void }

/** What belongs to a connection and not to the call. */
const OF_THE_CONNECTION = ['host', 'connection']

/** Starts one in front of a service. It is only there to learn which calls a page makes: they are measured without it. */
export async function startRecorder(target: string): Promise<Recorder> {
  const { hostname, port } = new URL(target)
  const calls: Call[] = []
  const server = createServer((incoming, answer) => {
    const { method, url: path = '', headers } = incoming
    calls.push({ url: target + path, headers: ownHeaders(headers) })
    const outgoing = request({ hostname, port, method, path, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
    })
    outgoing.once('error', () => answer.destroy())
    incoming.pipe(outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A port of a listening server; `address()` has a text for sockets of files alone.
  const { port: own } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${own}`, calls, close: () => server.close() }
}

function ownHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name))
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]))
}
