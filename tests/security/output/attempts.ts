import { startService } from '@bazaar/shared/testing/service'
import { startTcpProxy, type TcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import { eachOf } from '../../journeys/world.ts'
import { type Answer, askAt, type Call, type Credentials, codeOf } from '../system/ask.ts'
import type { Market } from '../system/market.ts'
import { type Operation, operations } from '../system/operations.ts'
import { environments, type ServiceName } from '../system/stack.ts'
import { validCalls } from '../system/valid-calls.ts'
import { complaintsAbout } from './judge.ts'

/* Valid calls of operations, for services that cannot serve them. */

/** A valid call of an operation, of which nothing is used up as long as it is refused. */
export type Attempt = { operation: Operation; call: Call; as: Credentials }

const AT_ONCE = 4
const TRIES_MAX = 5

/** A valid call of an operation. */
export async function attemptAt(operation: Operation, market: Market): Promise<Attempt> {
  const make = validCalls[operation.id]
  if (!make) throw new Error(`No valid call of ${operation.id} is known`)
  const { as, ...call } = await make(market)
  return { operation, call, as }
}

/** A valid call of each operation of a service, or of those that are chosen. */
export function attemptsAt(
  service: ServiceName,
  market: Market,
  isChosen = (_: Operation) => true,
): Promise<Attempt[]> {
  const chosen = operations.filter((one) => one.service === service && isChosen(one))
  return eachOf(chosen, AT_ONCE, (operation) => attemptAt(operation, market))
}

/** Sends a call to a process that is not the usual one. */
export function send(url: string, { operation, call, as }: Attempt): Promise<Answer> {
  return askAt(url, operation, { ...call, credentials: as })
}

/** All that is wrong when each call, sent a few times, is to be refused with that code. */
export async function wrongAt(url: string, attempts: readonly Attempt[], code: string): Promise<string[]> {
  const wrong = await eachOf(attempts, AT_ONCE, async (attempt) =>
    complaintsOf(attempt, await sendUntil(url, attempt, code), code),
  )
  return wrong.flat()
}

/** Sends a call until it is refused so: a busy machine may have no store for it at first, and a limit is met by the second. */
async function sendUntil(url: string, attempt: Attempt, code: string, tries = TRIES_MAX): Promise<Answer> {
  const answer = await send(url, attempt)
  return codeOf(answer) === code || tries === 1 ? answer : sendUntil(url, attempt, code, tries - 1)
}

/** What is wrong with an answer that was to be that refusal. */
export function complaintsOf({ operation, call }: Attempt, answer: Answer, code: string): string[] {
  const others = complaintsAbout(operation, call, answer).filter((one) => !one.startsWith('failed with'))
  const wrong = codeOf(answer) === code ? others : [`answered ${answer.status} ${codeOf(answer)}`, ...others]
  return wrong.map((one) => `${operation.id}: ${one}`)
}

/** A service of the stack once more, whose stores can be taken away. */
export type Replica = {
  url: string
  database: TcpProxy
  /** Its stores are gone. */
  refuse: () => Promise<void>
  stop: () => Promise<void>
}

/** Starts a service of the stack once more, with proxies before its stores, and what is set otherwise. */
export async function startBehindProxies(
  service: ServiceName,
  settings: Record<string, string> = {},
): Promise<Replica> {
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
