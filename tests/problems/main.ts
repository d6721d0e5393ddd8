import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { declaredProblems } from './declared.ts'
import { faultsIn } from './judge.ts'
import { unprovoked } from './unprovoked.ts'

/*
 * Compares the problems that services sent in the suites of this run with those that their documents declare. It is the
 * last suite of `./bazaar test --all`, and says after others, as in `./bazaar test journeys problems`, what those left out.
 */

const folder = process.env['BAZAAR_SENT']
if (!folder) throw new Error('Nothing was noted: run it by "./bazaar test --all", or after other suites')
const lines = readdirSync(folder).flatMap((name) =>
  readFileSync(join(folder, name), 'utf8').trim().split('\n'),
)
const sent = new Set(lines)
const declared = declaredProblems()
const faults = faultsIn(sent, { declared, unprovoked })
for (const fault of faults) console.log(`✗ ${fault}`)
console.log(`${sent.size} problems were sent of ${declared.size} that are declared.`)
process.exit(faults.length === 0 ? 0 : 1)
