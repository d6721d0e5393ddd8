import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { nextTraceparent } from '@bazaar/shared/telemetry/trace'
import { type Part, partsOf, type Walked } from './parts.ts'
import type { Sent } from './record.ts'

/**
 * Places an order of one product, paid by card, waits until its money is taken, cancels it, and waits until its stock is
 * back, its money given back, and the letters about it are written. Answers with every statement that the services sent for it. What workers look for and
 * do not find belongs to no order, and is left out.
 *
 * `urls` are those of the services, by variable; each was started with `record.ts`, which writes to `file`.
 */
export async function walk(urls: Record<string, string>, file: string): Promise<Part[]> {
  Object.assign(process.env, urls)
  const { bazaarOf, eventually, market, place } = await import('../../journeys/world.ts')
  const { buyer, cup } = await market()
  const basket = [{ productId: cup, quantity: 1 }]
  const { order } = bazaarOf(buyer)
  const paid = (orderId: string) =>
    eventually(
      async () => (await order.readPayment({ orderId })).body.payment,
      ({ status }) => status === 'CAPTURED',
    )

  // The first order opens connections and notes that the keys are used, as no second one does within a minute.
  await paid((await place(buyer, basket)).body.id)

  const placing = await traced((headers) => place(buyer, basket, { headers }))
  const orderId = placing.answer.body.id
  const { id: paymentId } = await paid(orderId)
  const cancelling = await traced((headers) => order.cancelOrder({ orderId }, { headers }))
  const walked: Walked = {
    placing: placing.trace,
    cancelling: cancelling.trace,
    workedOn: [paymentId, orderId],
  }
  const { parts } = await eventually(
    async () => partsOf(await recorded(file), walked),
    ({ isComplete }) => isComplete,
  )
  return parts
}

/** Makes a call whose statements bear a trace of their own. */
async function traced<Answer>(
  call: (headers: { traceparent: string }) => Promise<Answer>,
): Promise<{ answer: Answer; trace: string }> {
  const traceparent = nextTraceparent(undefined)
  const answer = await call({ traceparent })
  return { answer, trace: traceparent.split('-')[1] ?? '' }
}

/** What is in the file by now; its last line may still be written. */
async function recorded(file: string): Promise<Sent[]> {
  const text = await readFile(file, 'utf8')
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n')
  return lines.map((line) => JSON.parse(line))
}
