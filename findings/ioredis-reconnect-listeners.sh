#!/usr/bin/env bash
# reconnectOnError of ioredis adds a "close" listener to the socket for every refused command that is in flight.
#
# Seen with: ioredis 6.0.0 on Node.js 20 and Bun 1.4.5, Linux x64, 29 November 2026.
# Input:     twenty commands at once on one connection, each answered READONLY, as by a master that became a replica;
#            reconnectOnError answers true for it, as the README of ioredis advises for such a fail-over.
# Expected:  the connection is left once.
# Behaviour: disconnect() is called for each of the answers; the connector adds a timer and a "close" listener each time, and
#            from the eleventh on the runtime warns of a leak. They are gone once the socket is closed.
# Output:    MaxListenersExceededWarning: 11 close listeners
#
# Needs npm, Node.js 20 or later, and bash. Exits with 0 when it is still so, and with 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund ioredis@6.0.0 >/dev/null 2>&1
cat > repro.mjs <<'JS'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Redis } from 'ioredis'

/** Speaks RESP 2, and refuses every write once all twenty are there. */
const server = createServer((socket) => {
  let commands = 0
  socket.on('error', () => undefined)
  socket.on('data', (data) => {
    if (String(data).includes('hello')) return socket.write("-ERR unknown command 'hello'\r\n")
    commands += String(data).split('*').length - 1
    if (commands >= 20) socket.write("-READONLY You can't write against a read only replica.\r\n".repeat(commands))
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const warned = once(process, 'warning')
const reconnectOnError = ({ message }) => message.includes('READONLY')
const options = { enableReadyCheck: false, reconnectOnError, disableClientInfo: true, maxRetriesPerRequest: 0 }
const redis = new Redis(server.address().port, '127.0.0.1', options)
redis.on('error', () => undefined)
await once(redis, 'ready')
await Promise.allSettled(Array.from({ length: 20 }, () => redis.set('key', 'value')))
const [warning] = await warned
console.log(`${warning.name}: ${/\d+ close listeners/.exec(warning.message)?.[0]}`)
process.exit()
JS
timeout 20 node repro.mjs 2>/dev/null | tee output
diff output - <<'EXPECTED'
MaxListenersExceededWarning: 11 close listeners
EXPECTED
