import { inventoryApi, QUANTITY_MAX } from '@bazaar/shared/api/inventory'
import { newId } from '@bazaar/shared/database/columns'
import { once } from '@bazaar/shared/database/idempotency-keys'
import { DomainError } from '@bazaar/shared/problem'
import type { Reply } from '@bazaar/shared/reply'
import { ownedBy } from '../catalogue/product.ts'
import { findSeller } from '../catalogue/product-store.ts'
import type { Deps } from '../deps.ts'
import { stockWouldBeNegative, stockWouldBeTooLarge } from '../errors.ts'
import { movementView } from '../views.ts'
import { type Cause, moveStock } from './stock.ts'
import { lockStock, saveMovements } from './stock-store.ts'

type Adjustment = { delta: number; reason: 'RESTOCK' | 'CORRECTION' | 'LOSS' }

/**
 * Adds to or takes from the stock of a seller's product. The same key does it once.
 * @throws {DomainError} not-found, not-your-product, stock-would-be-negative, stock-would-be-too-large;
 * validation-failed for a change of zero.
 */
export async function adjustStock(
  deps: Deps,
  request: { sellerId: string; productId: string; key: string; adjustment: Adjustment },
): Promise<Reply<ReturnType<typeof movementView>>> {
  const { sellerId, productId, key, adjustment } = request
  const { delta, reason } = adjustment
  if (delta === 0) {
    throw new DomainError('validation-failed', 'Add or remove at least one unit', {
      errors: [{ pointer: '/delta', code: 'not-allowed' }],
    })
  }
  const keyed = {
    ownerId: sellerId,
    operation: 'adjustStock',
    key,
    request: { params: { productId }, body: adjustment },
  }
  return once<ReturnType<typeof movementView>>(deps.database, keyed, {
    kinds: inventoryApi.problems,
    async work(tx) {
      ownedBy(sellerId, await findSeller(tx, productId))
      const { levels: locked, now } = await lockStock(tx, [productId])
      const stockAfter = (locked.get(productId)?.stockCount ?? 0) + delta
      if (stockAfter < 0) throw stockWouldBeNegative()
      if (delta > 0 && stockAfter > QUANTITY_MAX.stock) throw stockWouldBeTooLarge(QUANTITY_MAX.stock)
      const cause: Cause = { productId, delta, reason, sourceId: newId() }
      const { movements } = moveStock(locked, [cause], now)
      await saveMovements(tx, locked, movements)
      const [movement] = movements
      if (!movement) throw new Error('a stock movement moved nothing')
      return { status: 201, body: movementView(movement) }
    },
  })
}
