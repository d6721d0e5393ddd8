#!/usr/bin/env bash
# A release of async-mutex's Semaphore takes time that grows with the value that is free, although nobody waits.
#
# Seen with: async-mutex 0.5.0 on Node.js 20 and Bun 1.4.5, Linux x64, 29 November 2026.
# Input:     a semaphore whose value is bytes of memory (160,000,000), taken and given back by weights of 10,000,000,
#            one after the other, beside one that counts megabytes (160, by 10).
# Expected:  the same time for both: nobody waits, so there is nothing to look for.
# Behaviour: at each release every place from the free value down to one is looked at for somebody who waits, and the
#            event loop stands still meanwhile (66 to 111 ms a release were seen).
# Output:    bytes cost more than 100 times as much as megabytes: true
#
# Needs npm, Node.js 20 or later, and bash. Exits with 0 when it is still so, and with 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund async-mutex@0.5.0 >/dev/null 2>&1
cat > repro.mjs <<'JS'
import { Semaphore } from 'async-mutex'

async function cpuMicroseconds(unit) {
  const semaphore = new Semaphore(160 * unit)
  const before = process.cpuUsage()
  for (let round = 0; round < 5; round++) await semaphore.runExclusive(() => {}, 10 * unit)
  const { user, system } = process.cpuUsage(before)
  return user + system
}

await cpuMicroseconds(1)
const megabytes = await cpuMicroseconds(1)
const bytes = await cpuMicroseconds(1_000_000)
console.error(`five releases: ${megabytes} µs of CPU by megabytes, ${bytes} µs by bytes`)
console.log(`bytes cost more than 100 times as much as megabytes: ${bytes > 100 * megabytes}`)
JS
node repro.mjs | tee output
diff output - <<'EXPECTED'
bytes cost more than 100 times as much as megabytes: true
EXPECTED
