import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { commonProblems } from '@bazaar/shared/api/problems'
import { isService, providers } from '../providers/start.ts'
import { type Interaction, type Pact, readPact } from '../verify/pact-file.ts'
import { verifyPact } from '../verify/strict-verifier.ts'
import { httpPlants } from './http-plants.ts'
import { messagePlants } from './message-plants.ts'
import type { Plant } from './plant.ts'
import { PLANTED, plantInto } from './planting-provider.ts'
import type { Proof } from './proof.ts'

/*
 * Proves one pact: verifies it once for each change that could be planted in its provider. All of that is one
 * run of the verifier over a pact in which each interaction stands once for each of its plants. Run as a process
 * of its own, with the file of the pact and the file for the result as its arguments.
 */

type Copy = { interaction: Interaction; plant: Plant }

const [pactFile = '', resultFile = ''] = process.argv.slice(2)
const { metadata, ...pact } = readPact(await readFile(pactFile, 'utf8'), pactFile)
const name = pact.provider.name
if (!isService(name)) throw new Error(`There is no service "${name}"`)

const copies = eachOnce(
  pact.interactions.flatMap((interaction) => plantsFor(interaction).map((plant) => ({ interaction, plant }))),
)
const planting = await plantInto(
  await providers[name](),
  copies.map(({ plant }) => plant),
)
const described = ({ interaction, plant }: Copy) => `${interaction.description} | ${plant.name}`
const multiplied: Pact = {
  ...pact,
  interactions: copies.map((copy, number) => ({
    ...copy.interaction,
    description: described(copy),
    providerStates: [...(copy.interaction.providerStates ?? []), { name: PLANTED, params: { number } }],
  })),
}
const folder = await mkdtemp(join(tmpdir(), 'bazaar-proof-'))
try {
  const file = join(folder, 'pact.json')
  await writeFile(file, JSON.stringify({ ...multiplied, metadata }))
  const { outcomes, faults } = await verifyPact(planting, multiplied, file)
  if (faults.length > 0) throw new Error(faults.join('\n'))
  const proofs = copies.map((copy, number): Proof => {
    const outcome = outcomes.find(({ description }) => description === described(copy))
    return {
      interaction: copy.interaction.description,
      plant: copy.plant.name,
      kind: copy.plant.kind,
      touched: planting.touched.has(number),
      mismatches: outcome?.mismatches ?? [],
    }
  })
  await writeFile(resultFile, JSON.stringify(proofs))
} finally {
  await rm(folder, { recursive: true, force: true })
  await planting.close()
}
process.exit(0)

function plantsFor(interaction: Interaction): Plant[] {
  return interaction.type === 'Synchronous/HTTP' ? httpPlants(interaction) : messagePlants(interaction)
}

/**
 * The same change for another case of the same operation with the same outcome would prove nothing more, nor for
 * another operation when the refusal is one that all operations share.
 */
function eachOnce(all: readonly Copy[]): Copy[] {
  const once = new Map<string, Copy>()
  for (const copy of all) {
    const { description, response } = copy.interaction
    const { code = '' }: { code?: string } = Object(response?.body?.content)
    const operation = Object.hasOwn(commonProblems, code) ? 'any' : description.split(':')[0]
    const key = [operation, response?.status, code, copy.plant.name].join(' ')
    if (!once.has(key)) once.set(key, copy)
  }
  return [...once.values()]
}
