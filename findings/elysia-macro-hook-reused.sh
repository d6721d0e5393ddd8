#!/usr/bin/env bash
# Elysia writes a macro's hooks into the hook object that a route is given, so a second app runs the first app's macro.
#
# Seen with: elysia 1.4.30, Node.js 20, 29 November 2026.
# Input:     two apps that define a macro `mark` each, one of which sets the header x-mark to "a" and the other to "b";
#            both give a route the same hook object { mark: true }.
# Expected:  each app answers with the header that its own macro sets, and the hook object is as it was.
# Behaviour: registering the route removes `mark` from the object and puts the macro's `afterHandle` there. The second app
#            finds no macro any more and runs the hook of the first. A frozen hook object throws.
# Output:    first: a
#            second: a
#            hook object: afterHandle
#
# Needs npm, Node.js 20 or later, and bash. Exits with 0 when it is still so, and with 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund elysia@1.4.30 >/dev/null 2>&1
cat > repro.mjs <<'JS'
import { Elysia } from 'elysia'

const hook = { mark: true }

function appThatMarks(letter) {
  return new Elysia()
    .macro({
      mark: () => ({
        afterHandle({ set }) {
          set.headers['x-mark'] = letter
        },
      }),
    })
    .get('/', () => 'hello', hook)
}

const first = appThatMarks('a')
const second = appThatMarks('b')
for (const [name, app] of Object.entries({ first, second })) {
  const answer = await app.handle(new Request('http://localhost/'))
  console.log(`${name}: ${answer.headers.get('x-mark')}`)
}
console.log(`hook object: ${Object.keys(hook).join(', ')}`)
JS
seen=$(node repro.mjs)
echo "$seen"
[[ $seen == $'first: a\nsecond: a\nhook object: afterHandle' ]]
