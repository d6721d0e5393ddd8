import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What became of one interaction: verified when there are no mismatches. */
export type Outcome = { description: string; fingerprint: string; mismatches: string[] }

/** What a provider's version was found to keep of a pact. */
export type VerificationRecord = {
  consumer: string
  provider: string
  /** Names the provider's code: see versions.ts. */
  providerVersion: string
  /** Which version of the consumer the pact is of: the one here, or the one that was released last. */
  pactOf: 'current' | 'released'
  outcomes: Outcome[]
  /** What went wrong with the verification itself. */
  faults: string[]
}

/** Writes down what a verification came to. */
export async function saveRecord(folder: string, record: VerificationRecord): Promise<void> {
  await mkdir(folder, { recursive: true })
  const { consumer, provider, pactOf } = record
  const file = join(folder, `${consumer}-${provider}.${pactOf}.json`)
  await writeFile(file, `${JSON.stringify(record, null, 2)}\n`)
}

/**
 * The records in a folder; none when there is no folder.
 * @throws {Error} naming a file that is not a record.
 */
export async function listRecords(folder: string): Promise<VerificationRecord[]> {
  const names = await readdir(folder).catch(() => [])
  const files = names.filter((name) => name.endsWith('.json')).sort()
  return Promise.all(
    files.map(async (name) => readRecord(await readFile(join(folder, name), 'utf8'), join(folder, name))),
  )
}

function readRecord(text: string, file: string): VerificationRecord {
  const unreadable = `Cannot read ${file}: verify again`
  try {
    const record: Partial<VerificationRecord> = JSON.parse(text)
    const { consumer, provider, providerVersion, pactOf, outcomes, faults } = record
    if (!consumer || !provider || !providerVersion || !pactOf || !outcomes || !faults)
      throw new Error(unreadable)
    return { consumer, provider, providerVersion, pactOf, outcomes, faults }
  } catch (cause) {
    throw new Error(unreadable, { cause })
  }
}
