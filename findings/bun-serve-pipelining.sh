#!/usr/bin/env bash
# Bun.serve answers neither of two pipelined requests when the second arrives before the first is answered.
#
# Seen with: bun 1.4.5 (npm package bun@1.4.5), Linux x64, 29 November 2026.
# Input:     two HTTP/1.1 requests in one segment to an asynchronous handler. RFC 9112, section 9.3.2: "A client that
#            supports persistent connections MAY "pipeline" its requests", and the server answers in their order.
# Behaviour: the handler of the first request runs to its end, but the connection is closed and nothing is answered.
#            node:http of the same Bun answers both (the control here).
# Output:    Bun.serve, one request: answers 200, handled /1
#            Bun.serve, two pipelined: answers none, handled /1
#            node:http, one request: answers 200, handled /1
#            node:http, two pipelined: answers 200 200, handled /1 /2
#
# Needs npm and bash. Exits with 0 when it is still so, and with 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund bun@1.4.5 >/dev/null 2>&1
cat > repro.ts <<'TS'
import { createServer } from 'node:http'
import { connect } from 'node:net'

let handled: string[] = []
const work = async (path: string) => {
  await Bun.sleep(200)
  handled.push(path)
  return `answer to ${path}`
}
const bun = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: async (request) => new Response(await work(new URL(request.url).pathname)),
})
const node = createServer((request, answer) => {
  request.resume().on('end', async () => answer.end(await work(request.url ?? '')))
})
await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', () => resolve()))

async function ask(port: number, bytes: string): Promise<string> {
  handled = []
  let text = ''
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('data', (chunk) => (text += chunk))
  socket.on('connect', () => socket.write(bytes))
  // Far longer than both handlers take one after the other.
  await Bun.sleep(1_500)
  socket.destroy()
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)
  return `answers ${statuses.join(' ') || 'none'}, handled ${handled.join(' ')}`
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`
const nodePort = (node.address() as { port: number }).port
for (const [name, port] of [['Bun.serve', bun.port ?? 0], ['node:http', nodePort]] as const) {
  console.log(`${name}, one request: ${await ask(port, get('/1'))}`)
  console.log(`${name}, two pipelined: ${await ask(port, get('/1') + get('/2'))}`)
}
process.exit()
TS
./node_modules/.bin/bun repro.ts | tee output
diff output - <<'EXPECTED'
Bun.serve, one request: answers 200, handled /1
Bun.serve, two pipelined: answers none, handled /1
node:http, one request: answers 200, handled /1
node:http, two pipelined: answers 200 200, handled /1 /2
EXPECTED
