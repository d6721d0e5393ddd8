import { afterAll, describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { type Answer, ask, type Call, codeOf } from '../system/ask.ts'
import { forgetKeys, openMarket, sessionOf } from '../system/market.ts'
import { isRead, type Operation, operations } from '../system/operations.ts'
import { changesBetween, settledRows } from '../system/rows.ts'
import { type ValidCall, validCalls } from '../system/valid-calls.ts'
import { type Caller, everyCaller, verdictOn } from './callers.ts'

afterAll(forgetKeys)

/*
 * Every operation that the services offer, times everybody who may try it. What each must answer follows from what
 * the operation declares in shared/api; what is refused must leave every row of every database as it was.
 */

const market = await openMarket()
const callers = await everyCaller(market)
const calls = new Map<string, ValidCall>()
for (const operation of operations) {
  const make = validCalls[operation.id]
  if (make) calls.set(operation.id, await make(market))
}
const before = await settledRows()

/** The order matters: first all who are refused, then the owners, whose calls change things. */
describe('S40 every operation', () => {
  test('is tried by callers of every kind', () => {
    expect(callers.filter(({ kind }) => kind === 'nobody').length).toBeGreaterThanOrEqual(14)
    expect(callers.filter(({ kind }) => kind === 'user')).toHaveLength(2)
    expect(callers.filter(({ kind }) => kind === 'service').length).toBeGreaterThanOrEqual(7)
  })

  test('is one that the tests know how to call, and the other way round', () => {
    expect(operations.map(({ id }) => id).sort()).toEqual(Object.keys(validCalls).sort())
  })

  test.each(operations.map((operation) => [operation.id, operation] as const))(
    '%s says who may call it and whose things it works on',
    (_, { access, path }) => {
      expect(access).toBeDefined()
      if (access === undefined || access === 'anyone' || 'key' in access) return
      expect(access.others === 'have-their-own').toBe(!path.includes('{'))
    },
  )
})

describe('S40 S33 refused are', () => {
  const refused = operations.flatMap((operation) =>
    callers
      .map((caller) => ({ operation, caller, verdict: verdictOn(caller, operation) }))
      .filter(({ verdict }) => verdict !== 'let in'),
  )

  test.each(callers.map((caller) => [caller.name, caller] as const))('%s', async (_, caller) => {
    const wrong: string[] = []
    for (const { operation, verdict } of refused.filter((one) => one.caller === caller)) {
      const answer = await ask(operation, callOf(operation), caller.credentials)
      const found = `${answer.status} ${codeOf(answer)}`
      if (found !== verdict) wrong.push(`${operation.id}: ${found} in place of ${verdict}`)
      if (answer.status === 401 && !answer.headers.has('www-authenticate'))
        wrong.push(`${operation.id}: no WWW-Authenticate`)
    }
    expect(wrong).toEqual([])
  })

  test('and none of them changed anything', async () => {
    expect(changesBetween(before, await settledRows())).toEqual([])
  })
})

describe('S43 somebody else’s', () => {
  const hidden = operations.filter(
    ({ access }) => typeof access === 'object' && 'others' in access && access.others === 'not-found',
  )

  test.each(hidden.map((operation) => [operation.id, operation] as const))(
    '%s answers for it as for what does not exist, to the byte',
    async (_, operation) => {
      const call = callOf(operation)
      const unknown = Object.keys(call.params ?? {}).map((name) => [name, newId()])
      const stranger = strangerTo(operation)
      const [theirs, nobodys] = await Promise.all([
        ask(operation, call, stranger),
        ask(operation, { ...call, params: Object.fromEntries(unknown) }, stranger),
      ])
      expect(theirs.status).toBe(404)
      expect(comparable(theirs)).toEqual(comparable(nobodys))
    },
  )

  test('is in none of the lists of a stranger', async () => {
    const mine = [market.orderId, market.productId, market.buyer.id, market.buyer.addressId, market.seller.id]
    const lists = operations.filter(
      (operation) =>
        isRead(operation) && typeof operation.access === 'object' && 'session' in operation.access,
    )
    const shown: string[] = []
    for (const operation of lists.filter(({ path }) => !path.includes('{'))) {
      const { text, status } = await ask(operation, {}, strangerTo(operation))
      expect(status).toBe(200)
      shown.push(...mine.filter((id) => text.includes(id)).map((id) => `${operation.id} shows ${id}`))
    }
    expect(shown).toEqual([])
  })

  test('is no address to send an order to', async () => {
    const placeOrder = operations.find(({ id }) => id === 'order placeOrder')
    if (!placeOrder) throw new Error('There is no operation to place an order')
    const answer = await ask(placeOrder, callOf(placeOrder), sessionOf(market.otherBuyer))
    expect(`${answer.status} ${codeOf(answer)}`).toBe('422 unknown-address')
  })
})

describe('S40 let in is', () => {
  test.each(operations.map((operation) => [operation.id, operation] as const))(
    'to %s, with the very call that was refused to the others, its owner',
    async (_, operation) => {
      const { as, ...call } = callOf(operation)
      const answer = await ask(operation, call, as)
      expect({ id: operation.id, status: answer.status, code: codeOf(answer) }).toEqual({
        id: operation.id,
        status: [...operation.answers.keys()].filter((status) => status < 300)[0] ?? 0,
        code: '',
      })
    },
  )

  test.each(operations.filter(({ access }) => access === 'anyone').map((one) => [one.id, one] as const))(
    'to %s anybody at all, whatever they send',
    async (_, operation) => {
      const odd: Caller[] = callers.filter(({ kind }) => kind === 'nobody')
      const make = validCalls[operation.id]
      for (const caller of isRead(operation) ? odd : odd.slice(0, 2)) {
        const { as: _as, ...call } = (await make?.(market)) ?? { as: {} }
        expect((await ask(operation, call, caller.credentials)).status).toBeLessThan(300)
      }
    },
  )
})

function callOf(operation: Operation): ValidCall {
  const call = calls.get(operation.id)
  if (!call) throw new Error(`Say in valid-calls.ts how to call ${operation.id}`)
  return call
}

/** Somebody of the right kind who owns nothing of it. */
function strangerTo({ access }: Operation): Call['headers'] & {} {
  const sells = typeof access === 'object' && 'session' in access && access.session === 'SELLER'
  return sessionOf(sells ? market.otherSeller : market.otherBuyer)
}

/** An answer without what is different in each. */
function comparable({ status, headers, text }: Answer): object {
  const instance = headers.get('x-request-id') ?? ''
  const kept = [...headers].filter(
    ([name]) => !['x-request-id', 'date'].includes(name) && !name.startsWith('ratelimit'),
  )
  return { status, headers: Object.fromEntries(kept), text: text.replace(instance, '…') }
}
