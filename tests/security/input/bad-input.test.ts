import { afterAll, describe, expect, test } from 'bun:test'
import { eachOf } from '../../journeys/world.ts'
import { complaintsAbout, complaintsAboutProblem } from '../output/judge.ts'
import { asCurl, ask } from '../system/ask.ts'
import { forgetKeys, openMarket } from '../system/market.ts'
import { type Operation, operations } from '../system/operations.ts'
import { changesBetween, settledRows } from '../system/rows.ts'
import { type ValidCall, validCalls } from '../system/valid-calls.ts'
import { type BadInput, badBodies, MARK } from './bad-bodies.ts'
import { badRequests } from './bad-requests.ts'

afterAll(forgetKeys)

/*
 * Every bad input, times every operation, by the one who may call it: each is refused as a problem that says back
 * nothing of it, and no row of any database changes.
 */

const AT_ONCE = 8

const market = await openMarket()
const valid = new Map<Operation, ValidCall>()
for (const operation of operations) {
  const make = validCalls[operation.id]
  if (make) valid.set(operation, await make(market))
}

describe('S50 every operation refuses', () => {
  test.each([...badRequests, ...badBodies].map((bad) => [bad.row, bad.what, bad] as const))(
    '%s %s',
    async (_row, _what, bad) => {
      const before = await settledRows()
      const calls = [...valid].flatMap(([operation, { as, ...call }]) =>
        bad.of(operation, call).map((one) => ({ operation, call: one, as })),
      )
      const wrong = (await eachOf(calls, AT_ONCE, (one) => complaintsOf(bad, one))).flat()
      expect(wrong).toEqual([])
      expect(changesBetween(before, await settledRows())).toEqual([])
      expect(calls.length).toBeGreaterThan(0)
    },
  )
})

type Attempt = { operation: Operation; call: Omit<ValidCall, 'as'>; as: ValidCall['as'] }

async function complaintsOf(bad: BadInput, { operation, call, as }: Attempt): Promise<string[]> {
  const answer = await ask(operation, call, as)
  const { status } = answer
  return [
    ...(bad.statuses.includes(status) ? [] : [`answered ${status}, not ${bad.statuses.join(' or ')}`]),
    ...complaintsAbout(operation, call, answer),
    ...(status < 400 ? [] : complaintsAboutProblem(answer)),
    ...(answer.text.includes(MARK) ? ['said back what was sent'] : []),
  ].map((complaint) => `${operation.id} ${complaint}\n    ${asCurl(operation, call, as).slice(0, 600)}`)
}
