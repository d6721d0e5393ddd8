import type { Session } from '@bazaar/shared/auth/admission'
import { inTransaction, type Transaction } from '@bazaar/shared/database/database'
import type { Deps } from '../deps.ts'
import { accountClosing } from '../errors.ts'
import { listOnSale, lockSeller, saveStopped } from './seller-store.ts'

/** At most as many products are named: enough to begin with. */
const PRODUCTS_NAMED_MAX = 20

/**
 * Answers the products that a seller still offers. When there is none, nothing more can be offered in the sessions of
 * today, also by requests that are under way, so the account can be closed. Who does not close it logs in again.
 */
export async function stopSelling(
  deps: Deps,
  { userId: sellerId }: Pick<Session, 'userId'>,
): Promise<{ productIds: string[] }> {
  return inTransaction(deps.database, async (tx) => {
    await lockSeller(tx, sellerId)
    const productIds = await listOnSale(tx, { sellerId, most: PRODUCTS_NAMED_MAX })
    if (productIds.length === 0) await saveStopped(tx, sellerId)
    return { productIds }
  })
}

/**
 * Locks a seller who is about to offer something, until the end of the transaction.
 * @throws {DomainError} account-closing when selling was stopped after the session began.
 */
export async function refuseStopped(
  tx: Transaction,
  { userId, createdAt }: Pick<Session, 'userId' | 'createdAt'>,
): Promise<void> {
  const { stoppedUntil } = await lockSeller(tx, userId)
  if (stoppedUntil && createdAt <= stoppedUntil) throw accountClosing()
}
