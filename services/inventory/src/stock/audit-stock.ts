import { read } from '@bazaar/shared/database/database'
import type { Deps } from '../deps.ts'
import { type Balance, findBalance, listBalances, listLevels } from './audit-store.ts'

/** A product whose stock is not what its ledger, or its reservations, add up to. */
export type Imbalance = { productId: string; difference: 'ledger-not-stock' | 'reserved-not-ledger' }

/** How many products are looked at in one statement. */
const PAGE_SIZE = 20
/** A product that moved more often is looked at by itself, step by step: one statement would take too long. */
const MOVEMENTS_AT_ONCE_MAX = 2_000

/**
 * Adds up the ledger of every product and compares it with its counter, and what orders took by the ledger with what
 * is set aside for them. A product is looked at as it was at one moment, so nothing that moves meanwhile is a difference.
 * Nothing is repaired: such a difference is a mistake in the program, and a person has to understand it first.
 *
 * @throws {Error} at the end, when products could not be looked at; those that could were.
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
    throw new Error('The stock of some products could not be looked at', { cause: failures[0] })
  return found
}

function imbalancesOf({ productId, stockCount, moved, takenByOrders, setAside }: Balance): Imbalance[] {
  return [
    ...(moved === stockCount ? [] : [{ productId, difference: 'ledger-not-stock' as const }]),
    ...(takenByOrders === setAside ? [] : [{ productId, difference: 'reserved-not-ledger' as const }]),
  ]
}
