import { afterAll, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { newId } from '@bazaar/shared/database/columns'
import { newDetails, newPerson } from '../../journeys/world.ts'
import { ask } from '../system/ask.ts'
import { forgetKeys, newApiKey, openMarket, sessionOf } from '../system/market.ts'
import { operationOf } from '../system/operations.ts'
import { serviceKey } from '../system/valid-calls.ts'
import { chanceOf, median, type Samples, sample } from './statistics.ts'

afterAll(forgetKeys)

/*
 * How long an answer takes must not tell what the answer does not. Two kinds of requests are timed in turn; they are
 * alike when chance explains their difference, or when it is too small to be seen through a network. A busy machine
 * may spoil a try; it cannot make a real difference go away three times.
 */

const TRIES = 3
const CHANCE_MIN = 0.01
const DIFFERENCE_MAX = 0.05

describe('S07 a log-in', () => {
  test('takes as long for an unknown user as for a wrong password, in the identity service', async () => {
    const verify = operationOf('iam verifyCredential')
    const { id } = await newPerson('BUYER')
    const attempt = (userId: string) => () =>
      ask(verify, { body: { userId, password: 'not the right one' } }, serviceKey('iam'))
    await expectAlike(15, { one: attempt(id), other: attempt(newId()) })
  })

  test('takes as long for an unknown login as for a wrong password, for every caller', async () => {
    const logIn = operationOf('user logIn')
    const known: string[] = []
    for (let count = 0; count < 12; count++) known.push((await newPerson('BUYER')).email)
    const attempt = (login: string) => ask(logIn, { body: { login, password: 'not the right one' } }, {})
    await expectAlike(known.length, {
      one: (index) => attempt(known[index] ?? ''),
      other: () => attempt(newDetails().email),
    })
  })
})

describe('S07 a question for a new password', () => {
  test('is answered as fast for an unknown login as for a known one', async () => {
    const forgotten = operationOf('user askForPasswordReset')
    const known: string[] = []
    for (let count = 0; count < 12; count++) known.push((await newPerson('BUYER')).email)
    const attempt = (login: string) => ask(forgotten, { body: { login } }, {})
    // No more than each of them is sent a letter for.
    await expectAlike(known.length * 3, {
      one: (index) => attempt(known[index % known.length] ?? ''),
      other: () => attempt(newDetails().email),
    })
  })
})

describe('S31 an API key', () => {
  test('is refused as fast when nobody has its public id as when its secret is wrong', async () => {
    const list = operationOf('iam listApiKeys')
    const { key } = await newApiKey('iam', ['credentials:verify'])
    const secret = () => randomBytes(32).toString('base64url')
    const attempt = (value: string) => ask(list, {}, { 'x-api-key': value })
    await expectAlike(300, {
      one: () => attempt(key.replace(/.{43}$/, secret())),
      other: () => attempt(`bzk_dev_${randomBytes(8).toString('hex')}_${secret()}`),
    })
  })
})

describe('S43 somebody else’s order', () => {
  test('is not found as fast as one that does not exist', async () => {
    const { orderId, otherBuyer } = await openMarket()
    const read = operationOf('order readOrder')
    const attempt = (id: string) => ask(read, { params: { orderId: id } }, sessionOf(otherBuyer))
    await expectAlike(300, { one: () => attempt(orderId), other: () => attempt(newId()) })
  })
})

async function expectAlike(times: number, work: Parameters<typeof sample>[1]): Promise<void> {
  const tries: string[] = []
  for (let count = 0; count < TRIES; count++) {
    const samples = await sample(times, work)
    if (isAlike(samples)) return
    tries.push(
      `${median(samples.one).toFixed(2)} and ${median(samples.other).toFixed(2)} ms, by chance ${chanceOf(samples).toExponential(1)}`,
    )
  }
  expect(tries).toEqual([])
}

function isAlike(samples: Samples): boolean {
  const [one, other] = [median(samples.one), median(samples.other)]
  return chanceOf(samples) > CHANCE_MIN || Math.abs(one - other) / Math.max(one, other) < DIFFERENCE_MAX
}
