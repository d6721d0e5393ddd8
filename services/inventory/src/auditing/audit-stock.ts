import { read } from '@bazaar/shared/database/database'
import type { Deps } from '../deps.ts'
import { findBalance } from './audit-steps-store.ts'
import { type Balance, listBalances, listLevels } from './audit-store.ts'

/** A product whose stock does not match its ledger or its reservations. */
export type Imbalance = { productId: string; difference: 'ledger-not-stock' | 'reserved-not-ledger' }

/** The number of products checked in one statement. */
const PAGE_SIZE = 20
/** A product with more movements is checked by itself, in steps, because one statement would take too long. */
const MOVEMENTS_AT_ONCE_MAX = 2_000

/**
 * Adds up the ledger of every product and compares it with the counter, and the quantities that orders took with
 * those that are reserved. Each product is read as of one moment, so stock that moves in the meantime is not a
 * difference. Nothing is repaired: a difference is a bug, and a person has to understand it first.
 *
 * @throws {Error} at the end, when some products could not be checked; the others were.
 */
export async function auditStock(deps: Pick<Deps, 'database' | 'log' | 'metrics'>): Promise<Imbalance[]> {
  const found: Imbalance[] = []
  const failures: unknown[] = []
  const look = async (balances: Promise<Balance[]>) => {
    try {
      found.push(...(await balances).flatMap(imbalancesOf))
    } catch (error) {
      failures.push(error)
    }
  }
  let afterId: string | undefined
  for (;;) {
    const page = await read(deps.database, (connection) =>
      listLevels(connection, { afterId, most: PAGE_SIZE }),
    )
    const isLarge = ({ lastSequence }: (typeof page)[number]) => lastSequence > MOVEMENTS_AT_ONCE_MAX
    const ids = page.filter((level) => !isLarge(level)).map(({ productId }) => productId)
    await look(read(deps.database, (connection) => listBalances(connection, ids)))
    for (const { productId } of page.filter(isLarge)) await look(findBalance(deps.database, productId))
    afterId = page.at(-1)?.productId
    if (page.length < PAGE_SIZE) break
  }
  for (const imbalance of found) {
    deps.metrics.differences.inc({ difference: imbalance.difference })
    deps.log.fatal(imbalance, 'stock does not add up')
  }
  if (failures.length > 0)
    throw new Error('The stock of some products could not be checked', { cause: failures[0] })
  return found
}

function imbalancesOf({ productId, stockCount, moved, takenByOrders, setAside }: Balance): Imbalance[] {
  return [
    ...(moved === stockCount ? [] : [{ productId, difference: 'ledger-not-stock' as const }]),
    ...(takenByOrders === setAside ? [] : [{ productId, difference: 'reserved-not-ledger' as const }]),
  ]
}
