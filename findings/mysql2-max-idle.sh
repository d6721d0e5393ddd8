#!/usr/bin/env bash
# A mysql2 pool ends every idle connection above maxIdle within a second, whatever idleTimeout says.
#
# Seen with: mysql2 3.24.6, Node.js 20, 29 November 2026; the server is mysql2's own.
# Input:     a pool with maxIdle 0 and idleTimeout 60000, one query, then nothing.
# Expected:  by its documentation idleTimeout is how long a connection may be idle before it is ended.
# Behaviour: with maxIdle 0 the connection is ended after about a second. With maxIdle 1 of 2 the same connection is
#            still there. So idleTimeout holds only for connections up to maxIdle.
# Output:    maxIdle 0: ended before idleTimeout
#            maxIdle 1: still open
#
# Needs npm, Node.js 20 or later, and bash. Exits with 0 when it is still so, and with 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund mysql2@3.24.6 >/dev/null 2>&1
cat > repro.js <<'JS'
const mysql = require('mysql2')

const IDLE_TIMEOUT_MS = 60_000
let open = 0
const server = mysql.createServer()
server.on('connection', (connection) => {
  open += 1
  connection.serverHandshake({
    protocolVersion: 10,
    serverVersion: '8.4.0',
    connectionId: open,
    statusFlags: 2,
    characterSet: 45,
    capabilityFlags: 0xffffff ^ 0x800,
  })
  connection.on('query', () => connection.writeOk())
  connection.on('error', () => undefined)
  connection.stream.on('close', () => {
    open -= 1
  })
})

async function idleWith(maxIdle) {
  const pool = mysql.createPool({
    host: '127.0.0.1',
    port: server._server.address().port,
    user: 'any',
    connectionLimit: 2,
    maxIdle,
    idleTimeout: IDLE_TIMEOUT_MS,
  })
  await new Promise((resolve, reject) => pool.query('select 1', (error) => (error ? reject(error) : resolve())))
  // A twelfth of idleTimeout, and five of the rounds in which the pool looks.
  await new Promise((resolve) => setTimeout(resolve, IDLE_TIMEOUT_MS / 12))
  console.log(`maxIdle ${maxIdle}: ${open === 0 ? 'ended before idleTimeout' : 'still open'}`)
  await new Promise((resolve) => pool.end(resolve))
}

server.listen(0, '127.0.0.1', async () => {
  await idleWith(0)
  await idleWith(1)
  process.exit()
})
JS
# The server of mysql2 numbers its packets in its own way, of which the client warns.
node repro.js 2>/dev/null | tee output
diff output - <<'EXPECTED'
maxIdle 0: ended before idleTimeout
maxIdle 1: still open
EXPECTED
