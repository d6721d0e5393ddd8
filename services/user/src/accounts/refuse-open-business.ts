import type { Session } from '@bazaar/shared/auth/admission'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import { DomainError } from '@bazaar/shared/problem'
import type { Deps } from '../deps.ts'
import { notAUserAnyMore, openBusiness } from '../errors.ts'

/**
 * Refuses to close an account that other people depend on: one with unfinished orders or with products on offer. The
 * services that know are asked, with the user's own session. Afterwards nothing can be offered in it any more.
 *
 * @throws {DomainError} open-business, too-many-requests, or unauthenticated when the session has just ended.
 * @throws {DependencyUnavailable} when one of them cannot tell: nothing is closed on a guess.
 */
export async function refuseOpenBusiness(deps: Deps, caller: Session): Promise<void> {
  const [productIds, orderIds] = await Promise.all([productsOf(deps, caller), openOrdersOf(deps, caller)])
  if (productIds.length + orderIds.length > 0) throw openBusiness({ orderIds, productIds })
}

async function productsOf({ inventory }: Deps, { token, userType }: Session): Promise<string[]> {
  if (userType !== 'SELLER') return []
  const { body } = await inventory.stopSelling({ session: token }).catch(passOn)
  return body.productIds
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
