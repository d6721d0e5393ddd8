import type { Sent } from './record.ts'
import { has, mentions, type Transaction, transactionsOf } from './transactions.ts'

/** A part of the walk: what happens, of what it is a part, and what is sent for it. */
export type Part = {
  of: 'order' | 'cancellation' | 'letters' | 'money'
  title: string
  transactions: Transaction[]
}

/** How what was sent is told from everything else: by traces, and by the ids of what the workers had in hand. */
export type Walked = { placing: string; cancelling: string; workedOn: string[] }

/** Takes a walk apart. It is complete when all that follows from an order and its cancellation has been done, too. */
export function partsOf(
  sent: readonly Sent[],
  { placing, cancelling, workedOn }: Walked,
): { parts: Part[]; isComplete: boolean } {
  const all = transactionsOf(sent)
  const ofOrder = all.filter(({ trace }) => trace === placing)
  const placed = ofOrder.filter((one) => !has(one, /`inbox`/))
  const cancelled = all.filter(({ trace }) => trace === cancelling)
  const answered = cancelled.filter((one) => has(one, /`idempotency_keys`/))
  const released = cancelled.filter(({ service }) => service === 'inventory')
  const noted = cancelled.filter((one) => one.service === 'order' && has(one, /`inbox`/))
  const written = (some: Transaction[]) => some.filter((one) => has(one, /`letters`/))
  const told = worked(all, { service: 'order', table: 'outbox', ids: messagesIn(placed) })
  const announced = worked(all, { service: 'order', table: 'outbox', ids: messagesIn(answered) })
  const answeredBack = worked(all, { service: 'inventory', table: 'outbox', ids: messagesIn(released) })
  const [cancellation] = answered
  const payment = worked(all, { service: 'order', table: 'payments', ids: workedOn })
  const isBefore = ({ startedAt }: Transaction) => startedAt < (cancellation?.startedAt ?? 0)
  const captured = payment.filter(isBefore)
  const refunded = payment.filter((one) => !isBefore(one))

  const isMarked = (relayed: Transaction[]) => relayed.some((one) => has(one, /`sent_at` = now/i))
  const refund = refunded.findIndex((one) => has(one, /^update `refunds`/i))
  const isSettled = refund >= 0 && refunded.slice(refund + 1).some((one) => has(one, /^update `payments`/i))
  return {
    parts: [
      { of: 'order', title: 'The order, until its answer', transactions: placed },
      { of: 'letters', title: 'order.changed.v1 of the order is sent', transactions: told },
      { of: 'letters', title: 'User writes to the buyer and the seller', transactions: written(ofOrder) },
      { of: 'cancellation', title: 'The cancellation, until its answer', transactions: answered },
      {
        of: 'cancellation',
        title: 'order.cancelled.v1 and order.changed.v1 are sent',
        transactions: announced,
      },
      { of: 'cancellation', title: 'Inventory puts the stock back', transactions: released },
      { of: 'cancellation', title: 'stock.released.v1 is sent', transactions: answeredBack },
      { of: 'cancellation', title: 'Order notes that the stock is back', transactions: noted },
      { of: 'letters', title: 'User writes to them of the cancellation', transactions: written(cancelled) },
      { of: 'money', title: 'The money is taken, after the order', transactions: captured },
      { of: 'money', title: 'The money is given back, after the cancellation', transactions: refunded },
    ],
    isComplete:
      [told, announced, answeredBack].every(isMarked) &&
      [noted, written(ofOrder), written(cancelled)].every((part) => part.length > 0) &&
      isSettled,
  }
}

/** The ids of the messages that are written into an outbox, of several the first: they are sent together. */
function messagesIn(transactions: readonly Transaction[]): string[] {
  return transactions
    .flatMap(({ sent }) => sent)
    .flatMap(
      ({ statement }) => /^insert into `outbox` .*? values \(x'([0-9a-f]{32})'/i.exec(statement)?.[1] ?? [],
    )
}

/** What a worker sent about rows of a table that it took in hand, with the look that found them due. */
function worked(
  all: readonly Transaction[],
  { service, table, ids }: { service: string; table: string; ids: string[] },
): Transaction[] {
  const own = all.filter((one) => one.service === service && one.trace === undefined)
  const isLook = new RegExp(`^select [^;]* from \`${table}\``, 'i')
  const isLease = new RegExp(`from \`${table}\`.* for update skip locked|^\\s*update \`${table}\` force`, 'i')
  return own.flatMap((one, index) => {
    if (!ids.some((id) => mentions(one, id))) return []
    if (!has(one, isLease)) return [one]
    const look = own
      .slice(0, index)
      .findLast(({ sent }) => sent.length === 1 && isLook.test(sent[0]?.statement ?? ''))
    return look ? [look, one] : [one]
  })
}
