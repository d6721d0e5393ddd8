#!/usr/bin/env bash
# mysql2 keeps the values of a query for as long as it keeps the parser that was made for its columns.
#
# Seen with: mysql2 3.24.6, Node.js 20, 30 November 2026; the server is mysql2's own.
# Input:     a query whose column has the name of its expression, as `select (select a from t where id = 1)` has with
#            every database, so another value makes another name; with a typeCast function, as drizzle-orm has.
# Expected:  once a query is answered and nothing of it is held any more, its values can be collected as garbage.
# Behaviour: they cannot. The parser of the rows is kept by the names of the columns, up to 15,000 of them for the whole
#            process, and it holds the options of the query that it was made for, with its values. With the same columns
#            named alike only the values of the first such query stay.
# Output:    named by value: all of 20 values are kept
#            named alike: few of 20 values are kept
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

const TIMES = 20
let answers = 0
let nameOf = () => ''
const server = mysql.createServer()
server.on('connection', (connection) => {
  connection.serverHandshake({
    protocolVersion: 10,
    serverVersion: '8.4.0',
    connectionId: 1,
    statusFlags: 2,
    characterSet: 45,
    capabilityFlags: 0xffffff ^ 0x800,
  })
  connection.on('query', () => {
    const name = nameOf(answers++)
    connection.writeTextResult(
      [{ [name]: 1 }],
      [{ catalog: 'def', schema: '', table: '', orgTable: '', name, orgName: '', characterSet: 63, columnLength: 1, columnType: 8, flags: 0, decimals: 0 }],
    )
  })
  connection.on('error', () => undefined)
})

async function keptWith(what, naming) {
  nameOf = naming
  answers = 0
  const client = mysql.createConnection({ host: '127.0.0.1', port: server._server.address().port, user: 'any' })
  const ask = (value) =>
    new Promise((resolve, reject) =>
      client.query({ sql: 'select (select a from t where id = ?)', values: [value], typeCast: (_, next) => next() }, (error) =>
        error ? reject(error) : resolve(),
      ),
    )
  const values = []
  for (let index = 0; index < TIMES; index++) {
    const value = Buffer.alloc(16, index)
    values.push(new WeakRef(value))
    await ask(value)
  }
  // The connection itself holds its last query.
  client.destroy()
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    global.gc()
  }
  const kept = values.filter((value) => value.deref() !== undefined).length
  console.log(`${what}: ${kept === TIMES ? 'all' : kept <= 2 ? 'few' : kept} of ${TIMES} values are kept`)
}

server.listen(0, '127.0.0.1', async () => {
  await keptWith('named by value', (index) => `(select a from t where id = ${index})`)
  await keptWith('named alike', () => 'a')
  process.exit()
})
JS
# The server of mysql2 numbers its packets in its own way, of which the client warns.
node --expose-gc repro.js 2>/dev/null | tee output
diff output - <<'EXPECTED'
named by value: all of 20 values are kept
named alike: few of 20 values are kept
EXPECTED
