import { afterAll, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eachOf } from '../../journeys/world.ts'
import { inFunction } from '../../plants/plant.ts'
import { wire } from '../input/raw.ts'
import { startPlanted } from '../prove/planted-service.ts'
import { targetOf } from '../system/ask.ts'
import { forgetKeys, openMarket } from '../system/market.ts'
import { SERVICES } from '../system/stack.ts'
import { type Attempt, attemptsAt, startBehindProxies, wrongAt } from './attempts.ts'

/*
 * Every operation while its service is in trouble: each answers what its document says, and nothing else. The services are
 * those of the stack once more, behind proxies that take their stores away.
 */

const market = await openMarket()
afterAll(forgetKeys)

const ONCE_AN_HOUR = {
  RATE_LIMIT_PER_SESSION: '1',
  RATE_LIMIT_PER_ADDRESS: '1',
  RATE_LIMIT_PER_KEY: '1',
  RATE_LIMIT_WINDOW_SECONDS: '3600',
}

/** Has no room for any request. */
const noRoom = inFunction('shared/http/frame.ts', 'frame', 'roomFor(ANSWERED_AT_ONCE_MAX)', 'roomFor(0)')

describe.each([...SERVICES])('of %s', (service) => {
  test('every operation says 503 when the stores cannot be reached', async () => {
    const attempts = await attemptsAt(service, market)
    const running = await startBehindProxies(service)
    await running.refuse()
    const wrong = await wrongAt(running.url, attempts, 'dependency-unavailable')
    await running.stop()
    expect(wrong).toEqual([])
  })

  test('every operation says 429 to those who ask too often', async () => {
    const attempts = await attemptsAt(service, market)
    const running = await startBehindProxies(service, ONCE_AN_HOUR)
    const wrong = await wrongAt(running.url, attempts, 'too-many-requests')
    await running.stop()
    expect(wrong).toEqual([])
  })

  test('every operation that takes a body says 408 when it does not arrive', async () => {
    const attempts = await attemptsAt(service, market, ({ body, takesImage }) => Boolean(body) || takesImage)
    const running = await startBehindProxies(service)
    const wrong = await eachOf(attempts, attempts.length, async (attempt) => {
      const said = await sendHalf(running.url, attempt)
      return said.includes('"request-too-slow"') ? [] : [`${attempt.operation.id}: ${said}`]
    })
    await running.stop()
    expect(wrong.flat()).toEqual([])
  })

  test('every operation says 503 when there is no room for one more request', async () => {
    const logsFolder = await mkdtemp(join(tmpdir(), 'bazaar-troubles-'))
    const attempts = await attemptsAt(service, market)
    const running = await startPlanted(service, { plants: [noRoom], logsFolder })
    const wrong = await wrongAt(running.url, attempts, 'overloaded')
    await running.stop()
    await rm(logsFolder, { recursive: true, force: true })
    expect(wrong).toEqual([])
  })
})

/** What a machine that is too busy for Redis answers, before it comes to what is tried. */
const BUSY = '"dependency-unavailable"'
const TRIES_MAX = 5

/** Sends a request whose body never ends, and answers all that comes back. */
async function sendHalf(url: string, attempt: Attempt, tries = TRIES_MAX): Promise<string> {
  const { operation, call, as } = attempt
  const { hostname, port } = new URL(url)
  const headers = Object.entries({
    'content-type': operation.takesImage ? 'image/png' : 'application/json',
    'content-length': '100',
    ...call.headers,
    ...as,
  }).map(([name, value]) => `${name}: ${value}`)
  const socket = connect(Number(port), hostname)
  let said = ''
  socket.on('data', (chunk) => {
    said += String(chunk)
  })
  socket.write(wire(`${operation.method} ${targetOf(operation, call)}`, headers, '{'))
  await once(socket, 'close')
  return said.includes(BUSY) && tries > 1 ? sendHalf(url, attempt, tries - 1) : said
}
