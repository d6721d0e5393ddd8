import { expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { basename, dirname } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { eventually, home, market, newKey, orders, place } from '../journeys/world.ts'

const MAIN = fileURLToPath(new URL('../../stack/src/main.ts', import.meta.url))
const NOBODYS = '019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10'
const CARD = 'tok_visa_4242'
const REASON = 'Ada wrote this'

/** Runs `./bazaar trace` on the stack that is tested. */
function trace(...args: string[]) {
  const stack = basename(dirname(process.env['BAZAAR_LOGS'] ?? ''))
  return spawnSync(process.execPath, ['--no-env-file', MAIN, 'trace', ...args], {
    encoding: 'utf8',
    env: { ...process.env, BAZAAR_STACK: stack },
  })
}

test('./bazaar trace tells a cancellation until the stock is back, and nothing personal', async () => {
  const { buyer, cup } = await market()
  const { body: order } = await place(buyer, [{ productId: cup, quantity: 4 }], { cardToken: CARD })
  const params = { orderId: order.id }
  const { session } = buyer
  await orders.cancelOrder({ session, params, idempotencyKey: newKey(), body: { reason: REASON } })
  await eventually(
    async () => [
      (await orders.readOrder({ session, params })).body.cancellations.map((one) => one.stockRestoredAt),
      (await orders.readPayment({ session, params })).body.refunds.map((one) => one.status),
    ],
    ([restored = [], refunds = []]) => !restored.includes(null) && !refunds.includes('PENDING'),
  )

  // Noted after it happened: that it was sent, that it was answered, that nothing is to be done any more.
  const late = ['order.cancelled.v1 was sent', 'answered cancelOrder with 200', 'waited for\n  Nothing.']
  const { status, stdout, stderr } = await eventually(
    async () => trace(order.id),
    (run) => run.status !== 0 || late.every((text) => run.stdout.includes(text)),
  )
  expect([status, stderr]).toEqual([0, ''])
  const told = [
    `Buyer ${buyer.id} placed the order`,
    `4 of product ${cup} set aside; 6 can be ordered then`,
    'Bazaar confirmed the order',
    `Buyer ${buyer.id} cancelled the order, 20.00 EUR`,
    `4 of product ${cup} put back; 10 can be ordered then`,
    'noted that the stock of a cancellation is back',
  ]
  expect(told.filter((text) => !stdout.includes(text))).toEqual([])
  expect(told.map((text) => stdout.indexOf(text))).toEqual(
    told.map((text) => stdout.indexOf(text)).sort((one, other) => one - other),
  )
  expect(stdout).toMatch(/What is odd\n {2}Nothing\.\n$/)

  const machine = trace(order.id, '--json')
  expect(JSON.parse(machine.stdout)).toMatchObject({ orderId: order.id, waits: [], odd: [] })
  const secrets = [buyer.email, buyer.mobileNumber, session, CARD, home.line1, home.recipient, REASON]
  for (const secret of secrets) expect(stdout + machine.stdout).not.toContain(secret)
})

test.each([
  ['an order that is not there', NOBODYS, `Cannot trace order "${NOBODYS}": there is no such order`],
  ['what is no id', 'yesterday', 'Say which order, by its id'],
])('./bazaar trace of %s says so and answers 1', (_, id, message) => {
  const { status, stdout, stderr } = trace(id)
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toContain(message)
})
