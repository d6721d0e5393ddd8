import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import process from 'node:process'
import { runChild } from '../verify/child.ts'
import { listPacts } from '../verify/pact-folder.ts'
import { faultOf, type Proof } from './proof.ts'

/*
 * Shows that the contracts catch what they are for: breaks each provider in every way that hurts one of its
 * consumers, one way at a time, and changes it in ways that hurt nobody. Every break must be caught, and nothing
 * else. With words as arguments, shows what was found wrong with each plant that has all of them in its name.
 */

const AT_ONCE = 2
/** Fewer plants than that show that plants were lost, not that all is well. */
const PLANTED_MIN = { breaks: 40, harmless: 8 }

const words = process.argv.slice(2)
const folder = await mkdtemp(join(tmpdir(), 'bazaar-proofs-'))
const waiting = (await listPacts('current')).sort(
  (one, other) => other.interactions.length - one.interactions.length,
)
const all: Proof[] = []
try {
  await Promise.all(Array.from({ length: AT_ONCE }, proveNext))
} finally {
  await rm(folder, { recursive: true, force: true })
}

const breaks = all.filter(({ kind }) => kind === 'break')
const harmless = all.filter(({ kind }) => kind === 'harmless')
const caught = breaks.filter((proof) => faultOf(proof) === undefined).length
const passed = harmless.filter((proof) => faultOf(proof) === undefined).length
console.log(`\n${caught} of ${breaks.length} planted breaks caught`)
console.log(`${passed} of ${harmless.length} harmless changes passed`)
const isProven =
  caught === breaks.length &&
  passed === harmless.length &&
  breaks.length >= PLANTED_MIN.breaks &&
  harmless.length >= PLANTED_MIN.harmless
process.exit(isProven ? 0 : 1)

async function proveNext(): Promise<void> {
  for (let pact = waiting.shift(); pact !== undefined; pact = waiting.shift()) {
    const result = join(folder, basename(pact.file))
    const { status, output } = await runChild(['contracts/prove/prove-pact.ts', pact.file, result])
    if (status !== 0) throw new Error(`The proof of ${basename(pact.file)} broke off:\n${output}`)
    const proofs: Proof[] = JSON.parse(await readFile(result, 'utf8'))
    all.push(...proofs)
    report(`${pact.provider.name} for ${pact.consumer.name}`, proofs)
  }
}

function report(title: string, proofs: readonly Proof[]): void {
  const faulty = proofs.filter((proof) => faultOf(proof) !== undefined)
  const planted = proofs.filter(({ kind }) => kind === 'break').length
  console.log(
    `${faulty.length === 0 ? '✓' : '✗'} ${title}: ${planted} breaks, ${proofs.length - planted} harmless changes`,
  )
  for (const proof of faulty) console.log(`    ${proof.interaction} | ${proof.plant}: ${faultOf(proof)}`)
  if (words.length === 0) return
  for (const { interaction, plant, mismatches } of proofs) {
    const name = `${title} | ${interaction} | ${plant}`
    if (words.every((word) => name.includes(word)))
      console.log(`    ${name}\n      ${mismatches.join('\n      ')}`)
  }
}
