#!/usr/bin/env bash
# Elysia checks the promise itself against the response schema if a handler returns it from a conditional expression.
#
# Seen with: elysia 1.4.30, Node.js 20, 29 November 2026.
# Input:     a handler that is not marked async and returns a promise in both branches of `condition ? work() : work()`,
#            on a route with a response schema that the resolved value fits.
# Expected:  200 with the value, as from the handler `() => work()` and as from the same one marked async.
# Behaviour: 422 from the validation of the response. Whether a handler is awaited is guessed from its source text, and the
#            guess knows `=> work()` but not the conditional. Without a response schema the answer is right.
# Output:    call: 200
#            conditional: 422
#            conditional, async: 200
#            conditional, no schema: 200
#
# Needs npm, Node.js 20 or later, and bash. Exits with 0 when it is still so, and with 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund elysia@1.4.30 >/dev/null 2>&1
cat > repro.mjs <<'JS'
import { Elysia, t } from 'elysia'

const work = async () => ({ ok: true })
const schema = { response: t.Object({ ok: t.Boolean() }) }
const routes = {
  call: [() => work(), schema],
  conditional: [({ query }) => (query.first ? work() : work()), schema],
  'conditional, async': [async ({ query }) => (query.first ? work() : work()), schema],
  'conditional, no schema': [({ query }) => (query.first ? work() : work()), {}],
}

for (const [name, [handler, hook]] of Object.entries(routes)) {
  const app = new Elysia().get('/', handler, hook)
  const answer = await app.handle(new Request('http://localhost/'))
  console.log(`${name}: ${answer.status}`)
}
JS
seen=$(node repro.mjs)
echo "$seen"
[[ $seen == $'call: 200\nconditional: 422\nconditional, async: 200\nconditional, no schema: 200' ]]
