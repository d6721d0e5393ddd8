#!/usr/bin/env bash
# Pact's Verifier succeeds although the handler that should bring about a provider state threw an error.
#
# Seen with: @pact-foundation/pact 17.1.4 (pact-core's linux-x64-glibc), Node.js 20, 30 November 2026.
# Input:     a pact of one interaction with the state "a kettle is there", and a provider that answers as the pact wants. The
#            handler of the state (a) works, (b) throws; (c) works, but the provider answers 404.
# Expected:  (b) is not a success: what was verified is the interaction in some other state.
# Behaviour: the error is written to the console and the verification resolves. Whoever goes by its outcome, as a test runner
#            does, sees the contract as kept. (c) is the control: a wrong answer rejects.
# Output:    the handler works: resolves
#            the handler throws: resolves
#            the provider is wrong: rejects
#
# Needs npm, Node.js 20 or later, Linux on x64 with glibc, and bash. Exits with 0 when it is still so, and with 1 when it has
# changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund @pact-foundation/pact@17.1.4 >/dev/null 2>&1
cat > repro.cjs <<'JS'
const { writeFileSync } = require('node:fs')
const { createServer } = require('node:http')
const { Verifier } = require('@pact-foundation/pact')

const state = 'a kettle is there'
const request = { method: 'GET', path: '/kettle' }
const pact = {
  consumer: { name: 'buyer' },
  provider: { name: 'shop' },
  interactions: [
    { description: 'reads a kettle', providerStates: [{ name: state }], request, response: { status: 200 } },
  ],
  metadata: { pactSpecification: { version: '3.0.0' } },
}
writeFileSync('pact.json', JSON.stringify(pact))

let status = 200
const server = createServer((_, answer) => answer.writeHead(status).end())

async function verify(name, handler) {
  const providerBaseUrl = `http://127.0.0.1:${server.address().port}`
  const stateHandlers = { [state]: handler }
  const verifier = new Verifier({ provider: 'shop', providerBaseUrl, pactUrls: ['pact.json'], stateHandlers })
  const [outcome] = await Promise.allSettled([verifier.verifyProvider()])
  console.log(`outcome of ${name}: ${outcome.status === 'fulfilled' ? 'resolves' : 'rejects'}`)
}

server.listen(0, '127.0.0.1', async () => {
  await verify('the handler works', async () => {})
  await verify('the handler throws', async () => {
    throw new Error('there is no kettle')
  })
  status = 404
  await verify('the provider is wrong', async () => {})
  server.close()
})
JS
node repro.cjs 2>/dev/null | sed -n 's/^outcome of //p' | tee output
diff output - <<'EXPECTED'
the handler works: resolves
the handler throws: resolves
the provider is wrong: rejects
EXPECTED
