import { inTransaction } from '@bazaar/shared/database/database'
import { sql } from 'drizzle-orm'
import type { Deps } from '../deps.ts'
import { allows } from '../orders/moves.ts'
import { lockOrder } from '../orders/order-store.ts'
import { saveStatus } from '../orders/status-store.ts'
import { type StoredPayment, savePayment } from '../payment/payment-store.ts'

/** The payment was declined: the stock stays held for now, and the buyer may choose another payment method. */
export async function awaitPayment(
  deps: Deps,
  { id: paymentId, orderId }: StoredPayment,
  heldUntil: Date | null,
): Promise<void> {
  const isDeclined = await inTransaction(deps.database, async (tx) => {
    const order = await lockOrder(tx, orderId)
    const [latest] = order?.payments ?? []
    if (!order || !allows(order.status, 'decline') || latest?.id !== paymentId) return false
    await saveStatus(tx, orderId, 'AWAITING_PAYMENT', {
      payBy: heldUntil,
      workDueAt: heldUntil ?? sql`now(3)`,
    })
    await savePayment(tx, latest, { status: 'DECLINED', workDue: false })
    return true
  })
  if (isDeclined) deps.metrics.declined.inc()
}
