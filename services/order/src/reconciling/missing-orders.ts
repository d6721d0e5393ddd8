import { setTimeout as delay } from 'node:timers/promises'
import { read } from '@bazaar/shared/database/database'
import type { Deps } from '../deps.ts'
import { type OrderKept, recentReservations, reservationsOf } from './list-reservations.ts'
import { listKnown } from './reconcile-store.ts'
import { isKeptForGood } from './reconciliation.ts'

/**
 * The ids of orders of the last `hours` that are not there although inventory keeps stock for them, also at a second
 * look. An order is stored before its stock is reserved, so one that is being placed is never among them.
 */
export async function* missingOrders(
  deps: Deps,
  { hours, secondLookMs }: { hours: number; secondLookMs: number },
): AsyncGenerator<string> {
  for await (const page of recentReservations(deps, hours)) {
    const suspects = await missingAmong(deps, page)
    if (suspects.length === 0) continue
    await delay(secondLookMs)
    yield* await missingAmong(deps, await reservationsOf(deps, suspects))
  }
}

async function missingAmong({ database }: Deps, page: readonly OrderKept[]): Promise<string[]> {
  const orderIds = page.filter(isKeptForGood).map(({ orderId }) => orderId)
  if (orderIds.length === 0) return []
  const known = new Set(await read(database, (connection) => listKnown(connection, orderIds)))
  return orderIds.filter((orderId) => !known.has(orderId))
}
