import { afterAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { eventually } from '../journeys/world.ts'
import { letters, type Sent } from './arbitrary-letters.ts'
import { send } from './ask.ts'
import { QUEUES, viewBroker } from './broker.ts'
import { isFull, seed } from './fuzz.ts'
import { openMarket } from './market.ts'
import { changesBetween, settledRows } from './rows.ts'
import { urlOf } from './stack.ts'

/*
 * Messages that nobody thought of, put before the services as if they came from each other. What is no message ends
 * among the dead letters with the reason; nothing crashes, and no stock moves for an order that nobody placed.
 */

const MESSAGES = isFull ? 50_000 : 2_000
const AT_ONCE = 500
/** What no message about an unknown order may change. */
const UNTOUCHED = /\.(stock|stock_movements|products|orders|order_lines|order_parts|payments|refunds)$/

const broker = await viewBroker()
const market = await openMarket()
const { productId, orderId } = market
const sent = new Map<string, Sent>()
console.log(`The seed of the messages is ${seed}; BAZAAR_FUZZ_SEED=${seed} does the same again.`)
const before = { rows: await settledRows(), started: await startTimes() }

afterAll(() => broker.close())

// All of them are sent before the first test, so that each test is about all of them, also when it runs alone.
const made = fc.sample(letters([productId, orderId]), { numRuns: MESSAGES, seed })
for (const letter of made) sent.set(letter.messageId, letter)
for (let from = 0; from < made.length; from += AT_ONCE) {
  await broker.publish(made.slice(from, from + AT_ONCE))
  for (const queue of Object.values(QUEUES)) await emptied(queue)
}

describe('S50 messages that nobody thought of', () => {
  test('are as many as promised, and some of them are as they should be', () => {
    expect(sent.size).toBe(MESSAGES)
    expect([...sent.values()].filter(({ isValid }) => isValid).length).toBeGreaterThan(MESSAGES / 50)
  })

  test('are among the dead letters with the reason if they are none, and nowhere if they are', async () => {
    const reasons = new Map<string, string>()
    const dead = await eventually(
      async () => {
        for (const queue of Object.values(QUEUES))
          for (const { properties } of await broker.takeDead(queue, (one) =>
            sent.has(String(one.properties.messageId)),
          ))
            reasons.set(String(properties.messageId), String(properties.headers?.['x-reason']))
        return reasons
      },
      (found) => [...sent.values()].every(({ isValid, messageId }) => isValid || found.has(messageId)),
    )
    const wrong = [...sent.values()].filter(({ isValid, messageId }) => {
      const reason = dead.get(messageId) ?? ''
      return isValid ? reason.startsWith('invalid') : !reason.startsWith('invalid message: ')
    })
    expect(
      wrong.map((one) =>
        `${one.what} of ${one.type}: ${dead.get(one.messageId)} ${one.content}`.slice(0, 400),
      ),
    ).toEqual([])
  })

  test('move no stock and no order, and crash nobody', async () => {
    const changed = changesBetween(before.rows, await settledRows())
    expect(changed.filter((name) => UNTOUCHED.test(name))).toEqual([])
    expect(await startTimes()).toEqual(before.started)
    for (const service of ['inventory', 'order'] as const)
      expect((await send(`${urlOf(service)}/health/ready`, {})).status).toBe(200)
  })
})

async function emptied(queue: string): Promise<void> {
  const deadline = Date.now() + 60_000
  while ((await broker.depth(queue)) > 0) {
    if (Date.now() > deadline) throw new Error(`${queue} is not being emptied`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** When the processes of the services started: a crash would show as another time. */
async function startTimes(): Promise<(string | undefined)[]> {
  return Promise.all(
    (['inventory', 'order'] as const).map(
      async (service) =>
        /^process_start_time_seconds\S* (\S+)$/m.exec(
          (await send(`${urlOf(service)}/metrics`, {})).text,
        )?.[1],
    ),
  )
}
