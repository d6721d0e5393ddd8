import { afterAll, describe, expect, test } from 'bun:test'
import { eachOf } from '../../journeys/world.ts'
import { ask, codeOf } from '../system/ask.ts'
import { forgetKeys, openMarket } from '../system/market.ts'
import { operations } from '../system/operations.ts'
import { changesBetween, settledRows, tables } from '../system/rows.ts'
import { settingOf } from '../system/stack.ts'
import { validCalls } from '../system/valid-calls.ts'

afterAll(forgetKeys)

const AT_ONCE = 8
/** A caller who wants more than they have tries these, too. */
const TEMPTING = [
  'admin',
  'isAdmin',
  'role',
  'userType',
  'isVerified',
  'ownerId',
  'total',
  'price',
  'scope',
  'owner',
]

const market = await openMarket()

describe('S42 a column of the tables as a property of a request', () => {
  test.each(operations.filter(({ body }) => body !== undefined).map((one) => [one.id, one] as const))(
    '%s is refused, whichever it is',
    async (id, operation) => {
      const { as, ...call } = (await validCalls[id]?.(market)) ?? { as: {} }
      const before = await settledRows()
      const known = Object.keys(Object(operation.body?.['properties']))
      const names = [...new Set([...columnsOf(operation.service), ...TEMPTING])].filter(
        (name) => !known.includes(name),
      )
      const answers = await eachOf(names, AT_ONCE, async (name) => {
        const answer = await ask(operation, { ...call, body: { ...Object(call.body), [name]: 1 } }, as)
        return `${name}: ${answer.status} ${codeOf(answer)}`
      })
      expect(answers.filter((answer) => !answer.endsWith(': 422 validation-failed'))).toEqual([])
      expect(answers.length).toBeGreaterThan(15)
      expect(changesBetween(before, await settledRows())).toEqual([])
    },
  )
})

/** Every column of the service, as the table writes it and as JSON would. */
function columnsOf(service: Parameters<typeof settingOf>[0]): string[] {
  const database = new URL(settingOf(service, 'DATABASE_URL')).pathname.slice(1)
  return tables
    .filter((table) => table.database === database)
    .flatMap(({ columns }) => columns.map(({ name }) => name))
    .flatMap((name) => [name, name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())])
}
