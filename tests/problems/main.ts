import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { declaredProblems } from './declared.ts'
import { faultsIn } from './judge.ts'

/*
 * Compares the problems that services sent in the suites of this run with those that their documents declare. It judges only
 * after all suites that note them; after some, as in `./bazaar test journeys problems`, it lists what those left out.
 */

const folder = process.env['BAZAAR_SENT']
if (!folder)
  throw new Error('Nothing was noted: run it by ./bazaar test, after the suites that note problems')
const without = (process.env['BAZAAR_SENT_WITHOUT'] ?? '').split(' ').filter((name) => name !== '')

const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
const sent = new Set(lines.filter((line) => line !== ''))
const declared = declaredProblems()
const { undeclared, unsent } = faultsIn(sent, declared)

for (const one of unsent) console.log(`✗ is declared, and no test has it sent: ${one}`)
for (const one of undeclared) console.log(`✗ was sent, and the document does not declare it: ${one}`)
console.log(`Of ${declared.size} problems that are declared, ${declared.size - unsent.length} were sent.`)
if (without.length > 0)
  console.log(
    `✗ What was never sent cannot be judged, because these suites did not run or did not pass: ${without.join(', ')}`,
  )
process.exit(undeclared.length + unsent.length + without.length > 0 ? 1 : 0)
