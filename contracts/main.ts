import process from 'node:process'
import { releaseDocuments, saveDocuments } from './documents/committed.ts'
import { documentFaults, unreviewed } from './documents/gate.ts'
import { SERVICES } from './providers/start.ts'
import { type Knowledge, planRollOut, refusalsFor, runningNow } from './verify/can-i-deploy.ts'
import { runChild } from './verify/child.ts'
import { readKnowledge } from './verify/knowledge.ts'
import { saveReleased } from './verify/released.ts'
import { verifyAll } from './verify/verify-all.ts'
import { committedPacts, differences, failuresIn, savePacts, statePacts } from './verify/write-pacts.ts'

/* The commands about contracts: see README.md. Each answers the exit status. */

const [command = 'check', ...names] = process.argv.slice(2)

const commands: Record<string, () => Promise<number>> = {
  // All of them in any case: whoever broke something wants to know everything that it breaks.
  check: async () => {
    const documented = await documents()
    const stated = await consumers()
    await verification()
    const decided = rollOut(await readKnowledge(), SERVICES)
    return Math.max(documented, stated, decided)
  },
  // What is served needs no servers to be written down; what consumers state does.
  write: async () => {
    await saveDocuments()
    console.log('✓ The documents are written; review what changes in contracts/ and docs/')
    if (names[0] === 'documents') return 0
    const stated = await statePacts()
    const changes = differences(await committedPacts(), stated)
    await savePacts(stated)
    console.log(changes.length === 0 ? 'The pacts are as they were.' : changes.join('\n'))
    return 0
  },
  // The quick part of it, for the rules of the repository.
  documents: async () => {
    const faults = await unreviewed()
    console.log(faults.length === 0 ? '✓ The committed documents are those served' : faults.join('\n'))
    return faults.length === 0 ? 0 : 1
  },
  'can-i-deploy': async () => {
    const knowledge = await readKnowledge()
    const [only] = names
    if (names.length !== 1 || only === undefined)
      return rollOut(knowledge, names.length > 0 ? names : SERVICES)
    return answer(knowledge, only)
  },
  'verify-broker': async () => {
    const { status, output } = await runChild(['contracts/verify/verify-broker.ts', ...names])
    if (status !== 0) console.log(output)
    return status
  },
  release: () => release(names.length > 0 ? names : [...SERVICES]),
}

/** Whether the documents are committed as they are, and what breaks in them is said to clients. */
async function documents(): Promise<number> {
  const faults = await documentFaults()
  console.log(faults.length === 0 ? '✓ The documents break no client unsaid' : '✗ The documents:')
  for (const fault of faults) console.log(`    ${fault}`)
  return faults.length === 0 ? 0 : 1
}

/** The consumers' tests and our own, and whether the committed pacts are what the consumers state. */
async function consumers(): Promise<number> {
  const tests = await runChild(['test', '--timeout=120000', './contracts/test'])
  if (tests.status !== 0) console.log(`✗ The contracts’ own tests fail:\n${failuresIn(tests.output)}`)
  const stated = await statePacts().catch((error: Error) => error)
  if (stated instanceof Error) {
    console.log(`✗ ${stated.message}`)
    return 1
  }
  const changes = differences(await committedPacts(), stated)
  if (changes.length > 0) {
    console.log('✗ The committed pacts are not what the consumers state:')
    for (const line of changes) console.log(`  ${line}`)
    console.log('  Run bun run contracts:write and review what changes in contracts/pacts.')
  } else if (tests.status === 0) console.log(`✓ ${stated.size} pacts are what their consumers state`)
  return changes.length === 0 ? tests.status : 1
}

/** Never fails by what it finds: that is for can-i-deploy to judge. */
async function verification(): Promise<number> {
  for (const { consumer, provider, pactOf, outcomes, faults } of await verifyAll()) {
    const broken = outcomes.filter(({ mismatches }) => mismatches.length > 0)
    const isKept = broken.length === 0 && faults.length === 0
    const which = pactOf === 'released' ? `the released ${consumer}` : consumer
    console.log(`${isKept ? '✓' : '✗'} ${provider} for ${which}: ${outcomes.length} interactions`)
    for (const fault of faults) console.log(`    ${fault}`)
    for (const { description, mismatches } of broken) {
      console.log(`    ${description}`)
      for (const mismatch of mismatches) console.log(`      ${mismatch}`)
    }
  }
  return 0
}

/** Whether one service may be deployed beside what runs now. */
function answer(knowledge: Knowledge, service: string): number {
  const refusals = refusalsFor(knowledge, service, runningNow(knowledge))
  console.log(refusals.length === 0 ? `✓ ${service} can be deployed` : `✗ ${service} cannot be deployed`)
  for (const refusal of refusals) console.log(`    ${refusal}`)
  return refusals.length === 0 ? 0 : 1
}

/** Whether several services may be deployed, one after the other. */
function rollOut(knowledge: Knowledge, services: readonly string[]): number {
  const { order, refusals } = planRollOut(knowledge, services)
  for (const service of order) console.log(`✓ ${service} can be deployed`)
  if (order.length > 1) console.log(`  in this order: ${order.join(', ')}`)
  for (const [service, reasons] of Object.entries(refusals)) {
    console.log(`✗ ${service} cannot be deployed`)
    for (const reason of reasons) console.log(`    ${reason}`)
  }
  return order.length === services.length && order.length > 0 ? 0 : 1
}

async function release(services: readonly string[]): Promise<number> {
  const knowledge = await readKnowledge()
  const status = rollOut(knowledge, services)
  if (status !== 0) return status
  const { pacts, records, versions } = knowledge
  for (const service of services)
    await saveReleased(service, { version: versions[service] ?? '', pacts, records })
  for (const service of services) await releaseDocuments(service)
  console.log('Commit contracts/released: it says what runs from now on.')
  return 0
}

const run = commands[command]
if (!run) {
  console.error(`There is no command "${command}"; there are ${Object.keys(commands).join(', ')}.`)
  process.exit(2)
}
try {
  process.exit(await run())
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
