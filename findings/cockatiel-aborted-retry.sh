#!/usr/bin/env bash
# A cockatiel retry calls once more, with a signal that is already aborted, when a time-out around it falls into a pause.
#
# Seen with: cockatiel 4.0.0, Node.js 20, 29 November 2026.
# Input:     wrap(timeout of 300 ms, cooperative; retry with pauses of 200 ms) around a function that always fails.
# Expected:  no call is begun after the deadline: its signal was aborted before it began.
# Behaviour: the pause ends early, at the deadline, and the function is called with signal.aborted true. A circuit
#            breaker inside the retry counts that call as a failure of the other side, which nobody asked.
# Output:    aborted before the call: false false true
#
# Needs npm, Node.js 20 or later, and bash. Exits with 0 when it is still so, and with 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund cockatiel@4.0.0 >/dev/null 2>&1
cat > repro.mjs <<'JS'
import { ConstantBackoff, handleAll, retry, TimeoutStrategy, timeout, wrap } from 'cockatiel'

const policy = wrap(
  timeout(300, TimeoutStrategy.Cooperative),
  retry(handleAll, { maxAttempts: 9, backoff: new ConstantBackoff(200) }),
)
const aborted = []
await policy
  .execute(({ signal }) => {
    aborted.push(signal.aborted)
    throw new Error('always')
  })
  .catch(() => undefined)
console.log(`aborted before the call: ${aborted.join(' ')}`)
JS
node repro.mjs | tee output
diff output - <<'EXPECTED'
aborted before the call: false false true
EXPECTED
