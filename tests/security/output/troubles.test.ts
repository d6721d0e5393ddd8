import { afterAll, describe, expect, test } from 'bun:test'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startService } from '@bazaar/shared/testing/service'
import { type ArmedSpot, startTcpProxy, type TcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import { eachOf } from '../../journeys/world.ts'
import { inFunction } from '../../plants/plant.ts'
import { unprovoked } from '../../problems/unprovoked.ts'
import { sendRaw, wire } from '../input/raw.ts'
import { startPlanted } from '../prove/planted-service.ts'
import { type Answer, askAt, type Call, type Credentials, codeOf, targetOf } from '../system/ask.ts'
import { forgetKeys, openMarket } from '../system/market.ts'
import { isRead, type Operation, operations } from '../system/operations.ts'
import { environments, SERVICES, type ServiceName } from '../system/stack.ts'
import { validCalls } from '../system/valid-calls.ts'
import { complaintsAbout } from './judge.ts'

/*
 * Every operation while its service is in trouble: each answers what its document says, and nothing else. The services are
 * those of the stack once more, behind proxies that take their stores away.
 */

const market = await openMarket()
afterAll(forgetKeys)

type Attempt = { operation: Operation; call: Call; as: Credentials }

/** A valid call of each operation of a service, of which nothing is used up as long as it is refused. */
async function attemptsAt(service: ServiceName, which = (_: Operation) => true): Promise<Attempt[]> {
  const chosen = operations.filter((one) => one.service === service && which(one))
  return await eachOf(chosen, 4, attemptAt)
}

async function attemptAt(operation: Operation): Promise<Attempt> {
  const make = validCalls[operation.id]
  if (!make) throw new Error(`No valid call of ${operation.id} is known`)
  const { as, ...call } = await make(market)
  return { operation, call, as }
}

function send(url: string, { operation, call, as }: Attempt): Promise<Answer> {
  return askAt(url, operation, { ...call, credentials: as })
}

/** What is wrong with an answer that was to be that refusal. */
function complaintsOf({ operation, call }: Attempt, answer: Answer, code: string): string[] {
  const others = complaintsAbout(operation, call, answer).filter((one) => !one.startsWith('failed with'))
  const wrong = codeOf(answer) === code ? others : [`answered ${answer.status} ${codeOf(answer)}`, ...others]
  return wrong.map((one) => `${operation.id}: ${one}`)
}

/** A service of the stack once more, with proxies before its stores, and what is set otherwise. */
async function startBehindProxies(service: ServiceName, settings: Record<string, string> = {}) {
  const { PORT: _, ...environment } = environments[service]
  const database = await startTcpProxy(environment['DATABASE_URL'] ?? '')
  const redis = environment['REDIS_URL'] ? await startTcpProxy(environment['REDIS_URL']) : undefined
  const running = await startService(service, {
    ...environment,
    DATABASE_URL: database.url,
    ...(redis && { REDIS_URL: redis.url }),
    ...settings,
  })
  return {
    url: running.url,
    database,
    refuse: async () => {
      await database.setMode('refuse')
      await redis?.setMode('refuse')
    },
    stop: async () => {
      await running.stop()
      await database.close()
      await redis?.close()
    },
  }
}

describe.each([...SERVICES])('of %s', (service) => {
  test('every operation says 503 when the stores cannot be reached', async () => {
    const attempts = await attemptsAt(service)
    const running = await startBehindProxies(service)
    await running.refuse()
    const wrong = await eachOf(attempts, 4, async (attempt) =>
      complaintsOf(attempt, await send(running.url, attempt), 'dependency-unavailable'),
    )
    await running.stop()
    expect(wrong.flat()).toEqual([])
  })

  test('every operation says 429 to those who ask too often', async () => {
    const limits = ['SESSION', 'ADDRESS', 'KEY'].map((who) => [`RATE_LIMIT_PER_${who}`, '1'])
    const running = await startBehindProxies(service, {
      ...Object.fromEntries(limits),
      RATE_LIMIT_WINDOW_SECONDS: '3600',
    })
    const wrong: string[] = []
    for (const attempt of await attemptsAt(service)) {
      const answers = [await send(running.url, attempt), await send(running.url, attempt)]
      const refused = answers.find(({ status }) => status === 429)
      if (refused) wrong.push(...complaintsOf(attempt, refused, 'too-many-requests'))
      else wrong.push(`${attempt.operation.id}: answered ${answers.map(({ status }) => status)}`)
    }
    await running.stop()
    expect(wrong).toEqual([])
  })

  test('every operation that takes a body says 408 when it does not arrive', async () => {
    const attempts = await attemptsAt(service, ({ body, takesImage }) => Boolean(body) || takesImage)
    const running = await startBehindProxies(service)
    const wrong = await eachOf(attempts, attempts.length, async ({ operation, call, as }) => {
      const attempt = { operation, call, as }
      let said = await sendHalf(running.url, attempt)
      for (let tries = 1; tries < TRIES_MAX && said.includes(BUSY); tries++)
        said = await sendHalf(running.url, attempt)
      return said.includes('"request-too-slow"') ? [] : [`${operation.id}: ${said}`]
    })
    await running.stop()
    expect(wrong.flat()).toEqual([])
  })

  test('every operation that changes something says 503 when the answer to its commit is lost', async () => {
    const running = await startBehindProxies(service)
    const wrong: string[] = []
    for (const operation of changing(service)) {
      const { attempt, answer } = await withoutCommit(operation, running)
      wrong.push(...complaintsOf(attempt, answer, 'outcome-unknown'))
    }
    await running.stop()
    expect(wrong).toEqual([])
  })
})

/** Has no room for any request. */
const noRoom = inFunction('shared/http/frame.ts', 'frame', 'roomFor(ANSWERED_AT_ONCE_MAX)', 'roomFor(0)')

describe.each([...SERVICES])('of %s', (service) => {
  test('every operation says 503 when there is no room for one more request', async () => {
    const logsFolder = await mkdtemp(join(tmpdir(), 'bazaar-troubles-'))
    const attempts = await attemptsAt(service)
    const running = await startPlanted(service, { plants: [noRoom], logsFolder })
    const wrong = await eachOf(attempts, 4, async (attempt) =>
      complaintsOf(attempt, await send(running.url, attempt), 'overloaded'),
    )
    await running.stop()
    await rm(logsFolder, { recursive: true, force: true })
    expect(wrong.flat()).toEqual([])
  })

  test('a request that names two hosts is told 400', async () => {
    const { text } = await sendRaw(service, wire('GET /health/live', ['Host: elsewhere']))
    expect(text).toContain('"malformed-request"')
  })
})

/** The operations of a service that change something in its database. */
function changing(service: ServiceName): Operation[] {
  const without = unprovoked.flatMap(({ code, of }) => (code === 'outcome-unknown' ? of : []))
  return operations.filter((one) => one.service === service && !isRead(one) && !without.includes(one.id))
}

const COMMITS_MAX = 20
/** What a machine that is too busy for Redis answers, before it comes to what is tried. */
const BUSY = '"dependency-unavailable"'
const TRIES_MAX = 5
/** What is one statement the first time, and has a transaction only when it is repeated. */
const REPEATED = ['inventory confirmReservation']

/** What wakes a worker, whose commits would otherwise be those that are cut. */
const BESIDE_WORKER = ['user askForPasswordReset']

/** Cuts a connection at the next commit, or at every one, until the function is called that it returns. */
function cutCommits(database: TcpProxy, which: 'next' | 'every'): () => void {
  let spot: ArmedSpot | undefined
  let isOver = false
  function arm(): void {
    spot = database.cutAt({ of: 'client', bytes: 'commit' })
    if (which === 'every') void spot.hit.then(() => isOver || arm())
  }
  arm()
  return () => {
    isOver = true
    spot?.disarm()
  }
}

/** Sends it until the answer to its own commit is lost, and not to that of a worker behind it. */
async function withoutCommit(operation: Operation, { url, database }: { url: string; database: TcpProxy }) {
  for (let commits = 1; ; commits++) {
    const attempt = await attemptAt(operation)
    if (REPEATED.includes(operation.id)) await send(url, attempt)
    const pass = cutCommits(database, BESIDE_WORKER.includes(operation.id) ? 'every' : 'next')
    const answer = await send(url, attempt)
    pass()
    if (answer.text.includes(BUSY) && commits < COMMITS_MAX) continue
    if (answer.status >= 400 || commits === COMMITS_MAX) return { attempt, answer }
  }
}

/** Sends a request whose body never ends, and answers all that comes back. */
async function sendHalf(url: string, { operation, call, as }: Attempt): Promise<string> {
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
  return said
}
