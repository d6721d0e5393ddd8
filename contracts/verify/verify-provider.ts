import process from 'node:process'
import { recordsFolder } from '../folders.ts'
import { isService, providers } from '../providers/start.ts'
import { listPacts } from './pact-folder.ts'
import { saveRecord } from './records.ts'
import { verifyPact } from './strict-verifier.ts'
import { versionOf } from './versions.ts'

/*
 * Verifies one provider against the pacts of its consumers, as they are here and as they were released last, and
 * writes down what it found. Run as a process of its own: see child.ts.
 */

const [name = ''] = process.argv.slice(2)
if (!isService(name)) throw new Error(`There is no service "${name}"`)

const pacts = [...(await listPacts('current')), ...(await listPacts('released'))]
const providerVersion = await versionOf(name)
const provider = await providers[name]()
try {
  for (const pact of pacts.filter((one) => one.provider.name === name)) {
    const verified = await verifyPact(provider, pact, pact.file)
    await saveRecord(recordsFolder, {
      consumer: pact.consumer.name,
      provider: name,
      providerVersion,
      pactOf: pact.pactOf,
      ...verified,
    })
  }
} finally {
  await provider.close()
}
process.exit(0)
