import { afterAll, describe, expect, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eachOf, newDetails, users } from '../../journeys/world.ts'
import { leavesOf, withValue } from '../input/leaves.ts'
import { ask, type Call, type Credentials } from '../system/ask.ts'
import { forgetKeys, newApiKey, openMarket, sessionOf, succeed } from '../system/market.ts'
import { type Operation, operations } from '../system/operations.ts'
import { select } from '../system/rows.ts'
import { logsFolder, SERVICES } from '../system/stack.ts'
import { validCalls } from '../system/valid-calls.ts'
import { type Canaries, newCanaries, sightings } from './canaries.ts'

afterAll(forgetKeys)

/*
 * Canaries: secrets that nobody else has. They are sent where they belong, and in every place of every operation
 * where somebody might put them by mistake or to see what happens; afterwards they are nowhere but where they belong.
 */

const AT_ONCE = 8

const market = await openMarket()
const canaries = newCanaries()

describe('S60 a secret', () => {
  test('that is what it should be is in no log, metric, queue, table or Redis key', async () => {
    const { email, password } = canaries
    await users.signUp({ body: { ...newDetails(), type: 'BUYER', name: 'Ada', email, password } })
    const { body } = await users.logIn({ body: { login: email, password } })
    const wrong = users.logIn({ body: { login: email, password: `${password} or not` } })
    await wrong.catch(() => undefined)
    const { key } = await newApiKey('iam', ['credentials:verify'])
    await succeed('user listSessions', {}, sessionOf({ session: body.session }))
    // Part of the number of an order is the card’s last four digits, which is all that is kept.
    expect(await sightings({ ...canaries, token: body.session, key })).toEqual([])
    await succeed('user logOut', {}, sessionOf({ session: body.session }))
  })

  test('that was sent to the wrong place, any place, is nowhere', async () => {
    const calls: { operation: Operation; call: Call; as: Credentials }[] = []
    for (const operation of operations) {
      const { as, ...call } = (await validCalls[operation.id]?.(market)) ?? { as: {} }
      calls.push(...misplaced(operation, call, canaries).map((one) => ({ operation, as, ...one })))
    }
    expect(calls.length).toBeGreaterThan(operations.length * 10)
    const answers = await eachOf(calls, AT_ONCE, ({ operation, call, as }) => ask(operation, call, as))
    const saidBack = answers.flatMap(({ status, text }, index) =>
      Object.values(canaries)
        .filter((canary) => status >= 400 && text.includes(canary))
        .map((canary) => `${calls[index]?.operation.id} said back ${canary}`),
    )
    expect(saidBack).toEqual([])
    expect(await sightings(canaries)).toEqual([])
  })
})

describe('S61 a line of the log', () => {
  test('is one line of JSON for every request', async () => {
    const [breaks, marks] = ['a\r\n{"level":"error"}\u001b[2J\u2028', `logged-${randomUUID()}`]
    for (const operation of operations) {
      const odd = { 'x-request-id': marks, traceparent: marks, 'user-agent': `${marks}"},{"a":"` }
      const query = Object.fromEntries(operation.parameters.map(({ name }) => [name, `${breaks}${marks}`]))
      await ask(
        operation,
        { query, headers: odd, ...(operation.body ? { body: { [breaks]: marks } } : {}) },
        {},
      )
    }
    for (const service of SERVICES) {
      const text = await readFile(join(logsFolder, `${service}.log`), 'utf8')
      const lines = text.split('\n').filter((line) => line !== '')
      const broken = lines.filter((line) => !isLogLine(line, service))
      expect(broken.slice(0, 3)).toEqual([])
      expect(lines.length).toBeGreaterThan(10)
      expect(text).not.toContain(marks)
    }
  })
})

test('S21 S30 the databases hold of an API key only what cannot be used', async () => {
  const { key, publicId } = await newApiKey('inventory', ['reservations:write'])
  expect(await sightings({ ...canaries, key, token: key.slice(-43) })).toEqual([])
  const rows = await select('select 1 from information_schema.columns where column_name = ?', ['secret_hash'])
  expect(rows.length).toBeGreaterThan(0)
  expect(publicId).toHaveLength(16)
})

/** The call with each canary in each place that takes text, and in headers and parameters where none belongs. */
function misplaced(operation: Operation, call: Call, { card, email, password, token, key }: Canaries) {
  const wrong: { call: Call; as?: Credentials }[] = []
  const secrets = [password, token, key, card]
  const texts = leavesOf(operation.body ?? {}).filter(({ schema }) => schema['type'] === 'string')
  for (const canary of secrets) {
    wrong.push({ call: { ...call, query: { ...call.query, q: canary, session: canary } } })
    wrong.push({
      call: { ...call, headers: { ...call.headers, 'x-request-id': canary, cookie: `a=${canary}` } },
    })
    wrong.push({ call, as: { session: canary, 'x-api-key': canary, authorization: `Bearer ${canary}` } })
    for (const name of Object.keys(call.params ?? {}))
      wrong.push({ call: { ...call, params: { ...call.params, [name]: canary } } })
    if (operation.body) {
      wrong.push({ call: { ...call, body: `{"a":"${canary}` } })
      wrong.push({ call: { ...call, body: { ...Object(call.body), zzUnknown: canary } } })
    }
  }
  for (const { path, schema } of texts) {
    // What is a password’s place hashes it; a name is what a person says it is, but a card has no business there.
    const isFree = schema['format'] !== 'password'
    wrong.push({ call: { ...call, body: withValue(call.body, path, isFree ? card : `${card} ${email}`) } })
  }
  return wrong
}

function isLogLine(line: string, service: string): boolean {
  try {
    const { level, time, service: of, msg } = JSON.parse(line)
    return of === service && [level, time, msg].every((value) => typeof value === 'string')
  } catch {
    return false
  }
}
