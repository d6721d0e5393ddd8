#!/usr/bin/env bash
# Response.formData() of Bun takes the type of a file from its name, and not from the Content-Type of its part.
#
# Seen with: bun 1.4.5 (npm package bun@1.4.5), Linux x64, 29 November 2026.
# Input:     a form with a file "kettle.png" whose part says Content-Type: image/gif, and one without an extension.
# Expected:  image/gif for both. The Fetch standard, "consume body", step multipart/form-data: "value is … a File object
#            … whose type is the value of the part's Content-Type header"; Node.js does so (the control here).
# Behaviour: the type is made up from the name: image/png, and none where the name has no extension.
# Output:    bun: image/png, ""
#            node: image/gif, image/gif
#
# Needs npm, Node.js 20 or later, and bash. Exits with 0 when it is still so, and with 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund bun@1.4.5 >/dev/null 2>&1
cat > repro.mjs <<'JS'
const part = (name) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\nContent-Type: image/gif\r\n\r\nx\r\n`
const body = `${part('kettle.png')}${part('kettle')}--b--\r\n`
const headers = { 'content-type': 'multipart/form-data; boundary=b' }
const form = await new Response(body, { headers }).formData()
console.log(`${process.argv[2]}: ${[...form.values()].map(({ type }) => type || '""').join(', ')}`)
JS
{
  ./node_modules/.bin/bun repro.mjs bun
  node repro.mjs node
} | tee output
diff output - <<'EXPECTED'
bun: image/png, ""
node: image/gif, image/gif
EXPECTED
