import process from 'node:process'
import { isService, providers, SERVICES } from '../providers/start.ts'
import { verifyBrokered } from './verify-brokered.ts'

/*
 * Verifies services against the pacts of the broker at PACT_BROKER_BASE_URL (with PACT_BROKER_TOKEN), as version
 * GIT_COMMIT on GIT_BRANCH. The services are the arguments; all when there are none. Needs PACT_DO_NOT_TRACK set.
 */

const { PACT_BROKER_BASE_URL: url, PACT_BROKER_TOKEN: token, GIT_COMMIT, GIT_BRANCH } = process.env
if (!url || !GIT_COMMIT || !GIT_BRANCH)
  throw new Error('Set PACT_BROKER_BASE_URL, GIT_COMMIT and GIT_BRANCH to verify against a broker')

const code = { providerVersion: GIT_COMMIT, branch: GIT_BRANCH }
const names = process.argv.slice(2)
const problems: string[] = []
for (const name of names.length > 0 ? names : SERVICES) {
  if (!isService(name)) throw new Error(`There is no service "${name}"`)
  const provider = await providers[name]()
  try {
    problems.push(...(await verifyBrokered({ url, ...(token ? { token } : {}) }, provider, code)))
  } finally {
    await provider.close()
  }
}
for (const problem of problems) console.error(`✗ ${problem}`)
process.exit(problems.length === 0 ? 0 : 1)
