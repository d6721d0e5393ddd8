import { once } from 'node:events'
import { createServer } from 'node:http'
import { freePort } from '@bazaar/shared/testing/service'

/** What becomes of an answer of the identity service. */
export type Fate = 'deliver' | 'lose'

/** A relay in front of the identity service that can hold back or lose its answers. */
export type IamRelay = {
  url: string
  /** Called with method and path when the identity service has answered, before its answer goes on. */
  onAnswer: (request: string) => Promise<Fate>
  close: () => void
}

/** Starts a relay that delivers everything until told otherwise. */
export async function startIamRelay(target: string): Promise<IamRelay> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const { method = '', url = '/', headers } = incoming
    try {
      const answer = await fetch(new URL(url, target), {
        method,
        headers: {
          'content-type': headers['content-type'] ?? 'application/json',
          'x-api-key': String(headers['x-api-key']),
        },
        body: chunks.length > 0 ? Buffer.concat(chunks) : null,
      })
      const content = Buffer.from(await answer.arrayBuffer())
      if ((await relay.onAnswer(`${method} ${url}`)) === 'lose') return void incoming.socket.destroy()
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(content)
    } catch {
      // The service behind is away: to whoever asks, so are we.
      incoming.socket.destroy()
    }
  })
  const port = await freePort()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const relay: IamRelay = {
    url: `http://127.0.0.1:${port}`,
    onAnswer: async () => 'deliver',
    close: () => server.close(),
  }
  return relay
}
