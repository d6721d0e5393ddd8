import { inTransaction } from '@bazaar/shared/database/database'
import type { Deps } from '../deps.ts'
import { insertRequest } from './reset-store.ts'

/**
 * Takes the question of somebody who forgot their password. Everything that depends on whether there is such a user is
 * done behind the answer, so neither the answer nor its time tells.
 */
export async function askForReset({ database, resets }: Deps, { login }: { login: string }): Promise<void> {
  await inTransaction(database, (tx) => insertRequest(tx, login))
  resets.wake()
}
