import { expect, test } from 'bun:test'
import { ProblemError, UnreachableError } from '@bazaar/client'
import { readConfig } from '../config.ts'
import { openVisit } from '../visit/visit.ts'
import { tryIt } from './failure.ts'

const config = readConfig({
  PORT: '4000',
  USER_URL: 'http://127.0.0.1:1',
  INVENTORY_URL: 'http://127.0.0.1:1',
  ORDER_URL: 'http://127.0.0.1:1',
  ORIGINS: 'http://localhost:4000',
  COOKIE_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
})
const visitIn = (language: string) =>
  openVisit(new Request('http://localhost:4000/', { headers: { 'accept-language': language } }), config, {
    address: '127.0.0.1',
  })

/** A problem as it comes from a service. */
const refused = (status: number, code: string) =>
  new ProblemError(JSON.parse(JSON.stringify({ type: 'about:blank', title: code, status, code })), {
    idempotencyKey: 'a',
    retryAfterSeconds: undefined,
  })

const OPEN: readonly [string, Error][] = [
  ['no answer', new UnreachableError('order', { idempotencyKey: 'a', cause: undefined })],
  ['outcome-unknown', refused(503, 'outcome-unknown')],
  ['internal', refused(500, 'internal')],
  ['idempotency-key-in-use', refused(409, 'idempotency-key-in-use')],
  ['dependency-unavailable', refused(503, 'dependency-unavailable')],
  ['overloaded', refused(503, 'overloaded')],
  ['too-many-requests', refused(429, 'too-many-requests')],
]

test.each(OPEN)(
  'tryIt() leaves open what %s leaves open, and says no word of a refusal',
  async (_, error) => {
    for (const language of ['en', 'de']) {
      const visit = visitIn(language)
      const { refusal } = await tryIt(visit, () => Promise.reject(error))
      expect(refusal?.isOpen).toBe(true)
      expect(refusal?.summary).not.toBe(visit.words.refused.other)
      const once = await tryIt(visit, () => Promise.reject(error), { isRepeatable: false })
      expect(once.refusal?.summary).toBe(visit.words.refused.lookFirst)
    }
  },
)

test('tryIt() takes a refusal of what was asked for as final', async () => {
  const { refusal } = await tryIt(visitIn('en'), () => Promise.reject(refused(409, 'out-of-stock')))
  expect(refusal?.isOpen).toBe(false)
})
