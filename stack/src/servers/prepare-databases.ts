import type { StackPaths } from '../paths.ts'
import { unlessAborted } from '../processes/unless-aborted.ts'
import { KEY_GRANTS, KEY_HOLDERS } from '../services/issue-keys.ts'
import { type Secrets, saveSecrets } from '../services/secrets.ts'
import { changeState, loadState } from '../state.ts'
import { ensureDatabases, type ServiceName } from './databases.ts'
import { migrateDatabases } from './migrations.ts'
import type { StoreAddresses } from './store-addresses.ts'

/** Makes the databases of a stack ready for its services: created, with their accounts, and up to date. */
export async function prepareDatabases(
  { database, databaseAddress }: StoreAddresses,
  { paths, secrets, signal }: { paths: StackPaths; secrets: Secrets; signal: AbortSignal },
): Promise<void> {
  const created = await unlessAborted(signal, () => ensureDatabases(database, secrets))
  if (created.length > 0) await forget(created, { databaseAddress, paths, secrets })
  const { migrated } = await loadState(paths)
  const seen = await migrateDatabases(database, {
    secrets,
    seen: migrated[databaseAddress] ?? {},
    signal,
  })
  await changeState(paths, (state) => ({
    ...state,
    migrated: { ...state.migrated, [databaseAddress]: seen },
  }))
}

/** Facts remembered about a database do not apply to a new one in its place. */
async function forget(
  created: readonly ServiceName[],
  options: { databaseAddress: string; paths: StackPaths; secrets: Secrets },
): Promise<void> {
  const { databaseAddress, paths, secrets } = options
  await changeState(paths, (state) => ({
    ...state,
    migrated: without(state.migrated, databaseAddress),
    seededAt: without(state.seededAt, databaseAddress),
  }))
  for (const holder of KEY_HOLDERS) {
    if (created.includes(KEY_GRANTS[holder].issuer)) delete secrets.issuedKeys[holder]
  }
  await saveSecrets(paths, secrets)
}

function without<Value>(record: Record<string, Value>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}
