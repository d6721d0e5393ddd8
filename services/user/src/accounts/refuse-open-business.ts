import type { Session } from '@bazaar/shared/auth/admission'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { DomainError } from '@bazaar/shared/problem'
import type { Deps } from '../deps.ts'
import { notAUserAnyMore, openBusiness } from '../errors.ts'

/** At most as many products as orders are named: enough to begin with. */
const PRODUCTS_NAMED = '20'

/**
 * Refuses to close an account that other people depend on: one with unfinished orders or with products on offer. The
 * services that know are asked, orders with the user's own session.
 *
 * @throws {DomainError} open-business, too-many-requests, or unauthenticated when the session has just ended.
 * @throws {DependencyUnavailable} when one of them cannot tell: nothing is closed on a guess.
 */
export async function refuseOpenBusiness(deps: Deps, caller: Session): Promise<void> {
  const [productIds, orderIds] = await Promise.all([productsOf(deps, caller), openOrdersOf(deps, caller)])
  if (productIds.length + orderIds.length > 0) throw openBusiness({ orderIds, productIds })
}

async function productsOf({ inventory }: Deps, { userId, userType }: Session): Promise<string[]> {
  if (userType !== 'SELLER') return []
  const query = { sellerId: userId, limit: PRODUCTS_NAMED }
  const { body } = await inventory.listProducts({ query }).catch(passOn)
  return body.items.map(({ id }) => id)
}

async function openOrdersOf({ orders }: Deps, { token }: Session): Promise<string[]> {
  const { body } = await orders.listOpenOrders({ session: token }).catch(passOn)
  return body.orderIds
}

function passOn(error: unknown): never {
  if (!(error instanceof RemoteProblem)) throw error
  if (error.code === 'unauthenticated') throw notAUserAnyMore()
  if (error.code !== 'too-many-requests') throw error
  const { retryAfterSeconds = 1 } = error
  throw new DomainError(error.code, 'Try again later', { cause: error, retryAfterSeconds })
}
