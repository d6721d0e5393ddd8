#!/usr/bin/env bash
# openapi-to-postmanv2 sends the requests of a path to the servers of the document, though the path names its own.
#
# Seen with: openapi-to-postmanv2 6.3.3, Node.js 20, 30 November 2026.
# Input:     a document whose server is https://a.example, with a path whose own server is https://b.example.
# Expected:  the request goes to https://b.example: servers of a path replace those of the document (OpenAPI 3.1, 4.8.9).
# Behaviour: the request goes to {{baseUrl}}, which is https://a.example. Nothing in the collection names the other.
# Output:    GET {{baseUrl}}/things, baseUrl = https://a.example, b.example is named 0 times
#
# Needs npm, Node.js 20 or later, and bash. Exits with 0 when it is still so, and with 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund openapi-to-postmanv2@6.3.3 >/dev/null 2>&1
cat > repro.mjs <<'JS'
import converter from 'openapi-to-postmanv2'

const document = {
  openapi: '3.1.0',
  info: { title: 'Two servers', version: '1.0.0' },
  servers: [{ url: 'https://a.example' }],
  paths: {
    '/things': {
      servers: [{ url: 'https://b.example' }],
      get: { summary: 'List', responses: { 200: { description: 'Done' } } },
    },
  },
}
converter.convertV2({ type: 'json', data: document }, {}, (_, { output }) => {
  const [{ data: collection }] = output
  const requests = (items) => items.flatMap((one) => (one.request ? [one.request] : requests(one.item)))
  const [{ method, url }] = requests(collection.item)
  const [{ key, value }] = collection.variable
  const named = JSON.stringify(collection).split('b.example').length - 1
  console.log(`${method} ${url.host.join('.')}/${url.path.join('/')}, ${key} = ${value}, b.example is named ${named} times`)
})
JS
node repro.mjs | tee output
diff output - <<'EXPECTED'
GET {{baseUrl}}/things, baseUrl = https://a.example, b.example is named 0 times
EXPECTED
