#!/usr/bin/env bash
# Bun.serve answers 400 to a request that has an empty line in front of it, or behind the one before it.
#
# Seen with: bun 1.4.5 (npm package bun@1.4.5), Linux x64, 30 November 2026.
# Input:     (a) an empty line and a GET on a new connection; (b) a POST with its body, its answer awaited, and then an empty
#            line and a GET, as clients do that end a body with a line break more than its length says.
# Expected:  200 for all. RFC 9112, section 2.2: "a server that is expecting to receive and parse a request-line SHOULD
#            ignore at least one empty line (CRLF) received prior to the request-line", in the interest of robustness.
# Behaviour: 400, and the connection is closed: the GET is not handled. node:http of the same Bun answers 200 (the control
#            here).
# Output:    Bun.serve, an empty line first: 400
#            Bun.serve, an empty line between: 200 400
#            node:http, an empty line first: 200
#            node:http, an empty line between: 200 200
#
# Needs npm and bash. Exits with 0 when it is still so, and with 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund bun@1.4.5 >/dev/null 2>&1
cat > repro.mjs <<'JS'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** The statuses that come back for these bytes, each sent half a second after the one before. */
async function ask(port, pieces) {
  let text = ''
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('data', (chunk) => (text += chunk))
  socket.on('error', () => {})
  for (const piece of pieces) {
    socket.write(piece)
    await sleep(500)
  }
  socket.destroy()
  return [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status).join(' ') || 'none'
}

const bun = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('done') })
const node = createServer((request, answer) => request.resume().on('end', () => answer.end('done')))
await new Promise((resolve) => node.listen(0, '127.0.0.1', resolve))

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
const post = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody'
for (const [name, port] of [['Bun.serve', bun.port], ['node:http', node.address().port]]) {
  console.log(`${name}, an empty line first: ${await ask(port, [`\r\n${get}`])}`)
  console.log(`${name}, an empty line between: ${await ask(port, [post, `\r\n${get}`])}`)
}
process.exit()
JS
./node_modules/.bin/bun repro.mjs | tee output
diff output - <<'EXPECTED'
Bun.serve, an empty line first: 400
Bun.serve, an empty line between: 200 400
node:http, an empty line first: 200
node:http, an empty line between: 200 200
EXPECTED
