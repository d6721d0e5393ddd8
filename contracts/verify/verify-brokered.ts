import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Provider } from '../providers/provider.ts'
import { type BrokerAccess, fetchPacts, noteBranch, publishResult } from './broker.ts'
import { verifyPact } from './strict-verifier.ts'

/** Which code is verified: its commit, and the branch that is on. */
export type Verified = { providerVersion: string; branch: string }

/**
 * Verifies a provider against the pacts that a broker holds for it, and tells the broker. The verifier could do
 * both by itself, but would publish as a success what is a fault to us: see strict-verifier.ts.
 *
 * @returns what is wrong, in one line each.
 */
export async function verifyBrokered(
  broker: BrokerAccess,
  provider: Provider,
  code: Verified,
): Promise<string[]> {
  const pacts = await fetchPacts(broker, provider.name, code.branch)
  await noteBranch(broker, provider.name, code)
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-brokered-'))
  const all: string[] = []
  try {
    for (const pact of pacts) {
      const { url, resultsUrl: _, ...content } = pact
      const file = join(folder, 'pact.json')
      await writeFile(file, JSON.stringify(content))
      const { outcomes, faults } = await verifyPact(provider, pact, file)
      const broken = outcomes.flatMap(({ description, mismatches }) =>
        mismatches.map((mismatch) => `"${description}": ${mismatch}`),
      )
      const problems = [...faults, ...broken]
      const success = problems.length === 0
      await publishResult(broker, pact, { success, providerVersion: code.providerVersion, problems })
      all.push(
        ...problems.map((problem) => `${provider.name} for ${pact.consumer.name} (${url}): ${problem}`),
      )
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return all
}
