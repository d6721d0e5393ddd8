import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inFunction } from '../../plants/plant.ts'
import { startPlanted } from '../prove/planted-service.ts'
import { askAt } from '../system/ask.ts'
import { forgetKeys, openMarket } from '../system/market.ts'
import { operations } from '../system/operations.ts'
import { SERVICES } from '../system/stack.ts'
import { validCalls } from '../system/valid-calls.ts'
import { complaintsAbout } from './judge.ts'

afterAll(forgetKeys)

/*
 * Every handler of every service throws: an error that looks like an answer, one of a database that knows the
 * statement, and something that is no error at all. Nobody outside learns more than that something went wrong.
 */

const INSIDE = 'zzqxj-inside'
const FAULTS = [
  `Object.assign(new Error('${INSIDE}'), { status: 200, code: '${INSIDE}', headers: { 'x-inside': '${INSIDE}' } })`,
  `Object.assign(new TypeError('${INSIDE}'), { errno: 1064, sqlMessage: '${INSIDE}', sql: 'select ${INSIDE}', cause: new Error('${INSIDE}') })`,
  `'${INSIDE}'`,
  'undefined',
  `new Response('${INSIDE}', { status: 200 })`,
]

/** Where a handler would be called next. */
const everyHandlerThrows = inFunction(
  'shared/http/routes/operations.ts',
  'operations',
  'context.set.status = usualStatusOf(operation)',
  `const faults = [${FAULTS.join(', ')}]
      const counted = globalThis as { faults?: number }
      counted.faults = (counted.faults ?? -1) + 1
      throw faults[counted.faults % faults.length]`,
)

const market = await openMarket()

describe('S58 a fault in any handler', () => {
  test.each([...SERVICES])('of %s is a 500 that says nothing, and is in the log', async (service) => {
    const logsFolder = await mkdtemp(join(tmpdir(), 'bazaar-faults-'))
    const running = await startPlanted(service, { plants: [everyHandlerThrows], logsFolder })
    const wrong: string[] = []
    const requestIds: string[] = []
    try {
      for (const operation of operations.filter((one) => one.service === service)) {
        // No handler is reached, so nothing of the call is used up.
        const { as, ...call } = (await validCalls[operation.id]?.(market)) ?? { as: {} }
        for (const fault of FAULTS) {
          const answer = await askAt(running.url, operation, { ...call, credentials: as })
          const requestId = answer.headers.get('x-request-id') ?? ''
          requestIds.push(requestId)
          const complaints = complaintsAbout(operation, call, answer).filter(
            (one) => one !== 'failed with 500',
          )
          if (answer.text !== everythingSaid(requestId)) complaints.push(`said ${answer.text}`)
          if (JSON.stringify([...answer.headers]).includes(INSIDE)) complaints.push('said it in a header')
          wrong.push(...complaints.map((one) => `${operation.id} with ${fault}: ${answer.status} ${one}`))
        }
      }
    } finally {
      await running.stop()
    }
    const log = await readFile(join(logsFolder, `${service}.log`), 'utf8')
    await rm(logsFolder, { recursive: true, force: true })
    expect(wrong).toEqual([])
    expect(requestIds.length).toBeGreaterThan(FAULTS.length)
    expect(requestIds.filter((id) => !log.includes(id))).toEqual([])
    expect(log).toContain(INSIDE)
  })
})

/** All of the answer, to the byte. */
function everythingSaid(requestId: string): string {
  return JSON.stringify({
    type: 'urn:bazaar:problem:internal-error',
    title: 'Internal error',
    status: 500,
    instance: `urn:uuid:${requestId}`,
    code: 'internal-error',
  })
}
