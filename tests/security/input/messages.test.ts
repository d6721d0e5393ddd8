import { afterAll, describe, expect, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import type { GetMessage } from 'amqplib'
import fc from 'fast-check'
import { send } from '../system/ask.ts'
import { QUEUES, viewBroker } from '../system/broker.ts'
import { openMarket } from '../system/market.ts'
import { changesBetween, settledRows } from '../system/rows.ts'
import { urlOf } from '../system/stack.ts'
import { letters, type Sent } from './arbitrary-letters.ts'
import { isFull, seed } from './fuzz.ts'

/*
 * Messages that nobody thought of, put before the services as if they came from each other. What is no message ends
 * among the dead letters with the reason; nothing crashes, and no stock moves for an order that nobody placed.
 */

const MESSAGES = isFull ? 50_000 : 2_000
const AT_ONCE = 500
const TOLD_EVERY = 5_000
/** A dead letter that is missing this long after the last that came does not come. */
const QUIET_MS = 20_000
/** What no message about an unknown order may change. */
const UNTOUCHED =
  /\.(stock|stock_movements|products|orders|order_lines|order_parts|payments|refunds|letters)$/

const broker = await viewBroker()
const market = await openMarket()
const { productId, orderId } = market
const sent = new Map<string, Sent>()
/** The reasons of the dead letters. */
const dead = new Map<string, string>()
console.log(`The seed of the messages is ${seed}; BAZAAR_FUZZ_SEED=${seed} does the same again.`)
const before = { rows: await settledRows(), started: await startTimes() }

afterAll(() => broker.close())

// All of them are sent before the first test, so that each test is about all of them, also when it runs alone.
for (const letter of fc.sample(letters([productId, orderId]), { numRuns: MESSAGES, seed })) {
  // Of those that were given the same odd id only one can be called after it.
  const messageId = sent.has(letter.messageId) ? randomUUID() : letter.messageId
  sent.set(messageId, { ...letter, messageId })
}
const made = [...sent.values()]
for (let from = 0; from < made.length; from += AT_ONCE) {
  await broker.publish(made.slice(from, from + AT_ONCE))
  for (const queue of Object.values(QUEUES)) await emptied(queue)
  await takeDead()
  const done = from + AT_ONCE
  if (done % TOLD_EVERY === 0)
    console.log(`${done} messages, ${dead.size} dead letters, ${Math.round(performance.now() / 1_000)} s`)
}

describe('S50 messages that nobody thought of', () => {
  test('are as many as promised, and some of them are as they should be', () => {
    expect(sent.size).toBe(MESSAGES)
    expect(made.filter(({ isValid }) => isValid).length).toBeGreaterThan(MESSAGES / 50)
  })

  test('are among the dead letters with the reason if they are none, and nowhere if they are', async () => {
    await awaitDead()
    const wrong = made.filter(({ isValid, messageId }) => {
      const reason = dead.get(messageId) ?? ''
      return isValid ? reason.startsWith('invalid') : !reason.startsWith('invalid message: ')
    })
    expect(
      wrong.map((one) =>
        `${one.what} of ${one.type}: ${dead.get(one.messageId)} ${one.content}`.slice(0, 400),
      ),
    ).toEqual([])
  })

  test('move no stock and no order, write to nobody, and crash nobody', async () => {
    const changed = changesBetween(before.rows, await settledRows())
    expect(changed.filter((name) => UNTOUCHED.test(name))).toEqual([])
    expect(await startTimes()).toEqual(before.started)
    for (const service of ['user', 'inventory', 'order'] as const)
      expect((await send(`${urlOf(service)}/health/ready`, {})).status).toBe(200)
  })
})

/** Waits until all that must be among the dead letters are, or no more of them come. */
async function awaitDead(): Promise<void> {
  const invalid = made.filter(({ isValid }) => !isValid)
  for (let deadline = Date.now() + QUIET_MS; Date.now() < deadline; ) {
    if ((await takeDead()) > 0) deadline = Date.now() + QUIET_MS
    if (invalid.every(({ messageId }) => dead.has(messageId))) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Notes why each of our dead letters is one, and answers how many there were. */
async function takeDead(): Promise<number> {
  const known = dead.size
  for (const queue of Object.values(QUEUES))
    for (const { properties } of await broker.takeDead(queue, isOurs))
      dead.set(String(properties.messageId), String(properties.headers?.['x-reason']))
  return dead.size - known
}

function isOurs({ properties }: GetMessage): boolean {
  return sent.has(String(properties.messageId))
}

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
