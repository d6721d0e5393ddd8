import { recordsFolder } from '../folders.ts'
import { SERVICES } from '../providers/start.ts'
import { listUses } from '../uses.ts'
import type { Knowledge } from './can-i-deploy.ts'
import { listPacts } from './pact-folder.ts'
import { listRecords } from './records.ts'
import { readReleased } from './released.ts'
import { versionOf } from './versions.ts'

/** Gathers what is known here about pacts, verifications and releases. */
export async function readKnowledge(): Promise<Knowledge> {
  const [uses, current, released, records, manifest] = await Promise.all([
    listUses(),
    listPacts('current'),
    listPacts('released'),
    listRecords(recordsFolder),
    readReleased(),
  ])
  const versions = await Promise.all(SERVICES.map(async (name) => [name, await versionOf(name)] as const))
  return {
    services: SERVICES,
    uses,
    pacts: [...current, ...released],
    records,
    versions: Object.fromEntries(versions),
    released: manifest,
  }
}
