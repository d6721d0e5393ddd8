import type { orderApi } from '@bazaar/shared/api/order'
import { payableMinor } from '../orders/amounts.ts'
import { lineView, partView } from '../views.ts'
import type { StoredSale } from './sale-store.ts'

type SaleView = (typeof orderApi.operations.readSale.response)[200]['static']

/** Shows sellers their part of an order. */
export function saleView({ order, part, lines }: StoredSale): SaleView {
  return {
    orderId: order.id,
    placedAt: order.placedAt.toISOString(),
    currency: order.currency,
    subtotalMinor: payableMinor(lines),
    shipTo: order.shipTo,
    lines: lines.map(lineView),
    ...partView(part),
  }
}
