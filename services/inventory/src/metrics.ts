import { inventoryApi } from '@bazaar/shared/api/inventory'
import { type CountBy, count, countBy } from '@bazaar/shared/telemetry/counters'
import type { Metrics } from '@bazaar/shared/telemetry/metrics'

/** What happens to reservations, as an operator counts it. */
export type InventoryMetrics = Metrics & {
  held: ReturnType<typeof count>
  /** By code. */
  refused: CountBy
  expired: ReturnType<typeof count>
  released: ReturnType<typeof count>
}

/** Adds what the inventory service counts to the numbers that every service has, each 0 before its first event. */
export function inventoryMetrics(metrics: Metrics): InventoryMetrics {
  const { registry } = metrics
  const one = (name: string, help: string) => count({ registry, name, help })
  return {
    ...metrics,
    held: one('reservations_held_total', 'Reservations for which stock was set aside'),
    refused: countBy({
      registry,
      name: 'reservations_refused_total',
      help: 'Orders for which no stock was set aside, by the code of the refusal',
      label: 'code',
      values: inventoryApi.operations.placeReservation.problems,
    }),
    expired: one('reservations_expired_total', 'Reservations that nobody confirmed in time'),
    released: one('reservations_released_total', 'Cancellations whose stock was put back'),
  }
}
