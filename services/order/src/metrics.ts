import { orderApi, REJECTION_REASONS } from '@bazaar/shared/api/order'
import {
  type Count,
  type CountBy,
  count,
  countBy,
  type SumBy,
  sumBy,
} from '@bazaar/shared/telemetry/counters'
import type { Metrics } from '@bazaar/shared/telemetry/metrics'

/** What happens to orders and their money, as an operator counts it. */
export type OrderMetrics = Metrics & {
  placed: Count
  /** By code. */
  refused: CountBy
  confirmed: Count
  /** By reason. */
  rejected: CountBy
  /** `whole` or `part`. */
  cancelled: CountBy
  declined: Count
  captured: Count
  refunded: Count
  /** By currency. */
  capturedMinor: SumBy
  refundedMinor: SumBy
}

/**
 * Adds what the order service counts to the numbers that every service has. All are 0 before their first event but the
 * sums of money, which have a series for each currency that was paid in.
 */
export function orderMetrics(metrics: Metrics): OrderMetrics {
  const { registry } = metrics
  const one = (name: string, help: string) => count({ registry, name, help })
  return {
    ...metrics,
    placed: one('orders_placed_total', 'Orders that were kept, to be completed'),
    refused: countBy({
      registry,
      name: 'orders_refused_total',
      help: 'Orders that were refused before they were kept, by the code of the refusal',
      label: 'code',
      values: orderApi.operations.placeOrder.problems,
    }),
    confirmed: one('orders_confirmed_total', 'Orders that were confirmed'),
    rejected: countBy({
      registry,
      name: 'orders_rejected_total',
      help: 'Orders that were kept and could not be completed, by why',
      label: 'reason',
      values: REJECTION_REASONS,
    }),
    cancelled: countBy({
      registry,
      name: 'orders_cancelled_total',
      help: 'Cancellations by buyers, of a whole order or of a part',
      label: 'extent',
      values: ['whole', 'part'],
    }),
    declined: one('payments_declined_total', 'Payments that the provider declined'),
    captured: one('payments_captured_total', 'Payments whose money was taken'),
    refunded: one('refunds_paid_total', 'Refunds whose money was given back'),
    capturedMinor: sumBy({
      registry,
      name: 'payments_captured_minor_units_total',
      help: 'Money that was taken, in minor units of its currency',
      label: 'currency',
    }),
    refundedMinor: sumBy({
      registry,
      name: 'refunds_paid_minor_units_total',
      help: 'Money that was given back, in minor units of its currency',
      label: 'currency',
    }),
  }
}
