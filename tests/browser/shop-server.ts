import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript', json: 'application/json' }

/** A web server with the page of a shop, on a port of its own. */
export type ShopServer = { server: Server; origin: string }

/** Serves the page with the client as it is published in `client`, for services at those addresses. */
export async function startShop(client: string, services: () => Record<string, string>): Promise<ShopServer> {
  const own = (name: string) => readFileSync(fileURLToPath(new URL(name, import.meta.url)))
  const files: Record<string, () => string | Uint8Array> = {
    '/shop.html': () => own('shop.html'),
    '/shop.js': () => own('shop.js'),
    '/bazaar.js': () => readFileSync(join(client, 'dist', 'bazaar.js')),
    '/services.json': () => JSON.stringify(services()),
  }
  const server = createServer(({ url = '' }, answer) => {
    const file = files[url]
    if (!file) answer.writeHead(404).end()
    else answer.writeHead(200, { 'content-type': TYPES[url.split('.').at(-1) ?? ''] }).end(file())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the shop has no port')
  return { server, origin: `http://127.0.0.1:${address.port}` }
}
