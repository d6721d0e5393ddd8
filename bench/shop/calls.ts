import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What stands between the shop and a service, and notes how long each call takes. */
export type Meter = {
  url: string /** Milliseconds of each call so far. */
  took: number[]
  close: () => void
}

/** Starts one in front of a service. */
export async function startMeter(target: string): Promise<Meter> {
  const { hostname, port } = new URL(target)
  const took: number[] = []
  const server: Server = createServer((incoming, answer) => {
    const startedAt = performance.now()
    const { method, url: path, headers } = incoming
    const outgoing = request({ hostname, port, method, path, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
      response.once('end', () => took.push(performance.now() - startedAt))
    })
    outgoing.once('error', () => answer.destroy())
    incoming.pipe(outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A port of a listening server; `address()` has a text for sockets of files alone.
  const { port: own } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${own}`, took, close: () => server.close() }
}
