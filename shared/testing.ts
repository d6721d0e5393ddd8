import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Redis } from 'ioredis'
import mysql from 'mysql2/promise'
import { pino } from 'pino'
import type { UserType } from './api/operation.ts'
import { RemoteProblem } from './clients/client.ts'
import { newId } from './columns.ts'
import type { Log } from './log.ts'
import { migrateService } from './migrate.ts'
import { DependencyUnavailable } from './problem.ts'
import { type StoredSession, sessionRecordKey } from './sessions.ts'

/*
 * What the tests of the services stand on: databases of their own on a real server, real services as child
 * processes, sessions and API keys. The servers themselves come from the environment.
 */

/** An administrator's URL of the MySQL or MariaDB server for tests. */
export const MYSQL_URL = process.env['TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306'
/** The Redis server for tests. */
export const REDIS_URL = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
/** The RabbitMQ server for tests. */
export const RABBITMQ_URL = process.env['TEST_RABBITMQ_URL'] ?? 'amqp://guest:guest@127.0.0.1:5672'

/** The log of what runs inside the test's own process; says something when LOG_LEVEL is set. */
export const testLog: Log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })

const READY_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 15_000
const POLL_PAUSE_MS = 25
/** Far more than anything here takes: only what never comes true waits for so long. */
const GIVE_UP_AFTER_MS = 40_000
const OUTPUT_LINES_MAX = 5_000

/** A database that only one test file uses, with the service's tables. `drop` removes it. */
export type TestDatabase = { url: string; name: string; drop: () => Promise<void> }

/** Creates a database of a service on the server for tests, and migrates it. */
export async function createTestDatabase(service: string): Promise<TestDatabase> {
  const name = `test_${service}_${randomBytes(6).toString('hex')}`
  const url = new URL(`/${name}`, MYSQL_URL).href
  await administer(`create database ${name} character set utf8mb4`)
  await migrateService(service, url)
  return { url, name, drop: () => administer(`drop database if exists ${name}`) }
}

async function administer(statement: string): Promise<void> {
  const connection = await mysql.createConnection({ uri: MYSQL_URL })
  try {
    await connection.query(statement)
  } finally {
    await connection.end()
  }
}

/** Below the ports that systems give to outgoing connections, so that none of those takes one meanwhile. */
const PORTS = { first: 20_000, count: 9_000, attemptsMax: 200 }

/** A port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < PORTS.attemptsMax; attempt++) {
    const port = PORTS.first + randomInt(PORTS.count)
    if (await canListen(port)) return port
  }
  throw new Error('Cannot find a free port')
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** A service that runs as a process of its own. */
export type RunningService = {
  url: string
  port: number
  /** What it has written so far, line by line. */
  output: readonly string[]
  /** Its exit code, once it has ended by itself or by one of these. */
  ended: Promise<number | null>
  /** Ends it with SIGTERM and answers its exit code. */
  stop: () => Promise<number | null>
  /** Ends it with SIGKILL, as a crash would. */
  kill: () => Promise<void>
}

/**
 * Starts a service as a process and waits until it is ready, or only until it is live. It gets the given
 * variables and no others of ours; PORT is a free one when it is not given.
 */
export async function startService(
  service: string,
  environment: Record<string, string>,
  awaited: 'ready' | 'live' = 'ready',
): Promise<RunningService> {
  const port = Number(environment['PORT'] ?? (await freePort()))
  const main = fileURLToPath(new URL(`../services/${service}/src/main.ts`, import.meta.url))
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], ENVIRONMENT: 'test', ...environment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (output.push(line) > OUTPUT_LINES_MAX) output.shift()
    })
  }
  const ended = once(child, 'close').then(() => child.exitCode)
  endWithUs(child)

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal)
      const tooLong = delay(STOP_WITHIN_MS, 'too long' as const, { ref: false })
      if ((await Promise.race([ended, tooLong])) === 'too long') {
        child.kill('SIGKILL')
        throw new Error(`${service} did not stop within ${STOP_WITHIN_MS} ms:\n${output.join('\n')}`)
      }
    }
    return await ended
  }

  const url = `http://127.0.0.1:${port}`
  const running = {
    url,
    port,
    output,
    ended,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  }
  try {
    await until(
      `${service} is ${awaited}`,
      async () => {
        if (child.exitCode !== null) throw new Error(`${service} exited with ${child.exitCode}`)
        return answersOk(`${url}/health/${awaited}`)
      },
      READY_WITHIN_MS,
    )
  } catch (error) {
    await running.kill()
    throw new Error(`Cannot start ${service}:\n${output.join('\n')}`, { cause: error })
  }
  return running
}

/** Sees to it that a process does not outlive us, however we end. */
export function endWithUs(child: ChildProcess): void {
  const guardian = afterUs('kill -9 "$0"', String(child.pid))
  child.once('exit', () => guardian.kill('SIGKILL'))
}

/**
 * A shell that runs a script when this process ends, however that is: Bun runs no exit handlers after tests. It
 * waits for the other end of its input, which only we hold, to be closed; who closes it has the script run now.
 */
export function afterUs(script: string, ...args: string[]): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', `read -r _; ${script}`, ...args], {
    // Ctrl-C ends all of a terminal, but not who is to clean up after it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  return shell
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await answer.body?.cancel()
    return answer.status === 200
  } catch {
    // Refused, cut or too slow: not yet, whatever the reason.
    return false
  }
}

/**
 * Waits until `check` answers something, asking again and again.
 * @throws {Error} naming `what` when it has not come true in time.
 */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = GIVE_UP_AFTER_MS,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const found = await check()
    if (found !== undefined && found !== false) return found
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}`)
    await delay(POLL_PAUSE_MS)
  }
}

/**
 * A session as a log-in makes it, for the tests of services that only read sessions. Answers what to send in
 * the header `SESSION`.
 */
export async function putSession(
  redis: Redis,
  user: { userId?: string; userType: UserType },
): Promise<{ session: string; userId: string }> {
  const { userId = newId(), userType } = user
  const session = randomBytes(32).toString('base64url')
  const createdAt = Date.now()
  const stored: StoredSession = {
    userId,
    userType,
    sessionId: newId(),
    createdAt,
    expiresAt: createdAt + 3_600_000,
    idleSeconds: 1_800,
  }
  await redis.set(sessionRecordKey(session), JSON.stringify(stored), 'PX', 600_000)
  return { session, userId }
}

/** An API key with the given scopes, issued by a running service that was started with `bootstrapKey`. */
export async function issueKey(
  service: { url: string },
  options: { bootstrapKey: string; caller: string; scopes: string[] },
): Promise<string> {
  const { bootstrapKey, caller, scopes } = options
  const answer = await fetch(`${service.url}/api-keys`, {
    method: 'POST',
    headers: { 'x-api-key': bootstrapKey, 'content-type': 'application/json' },
    body: JSON.stringify({ caller, scopes, expiresAt: new Date(Date.now() + 86_400_000).toISOString() }),
  })
  const body: { key?: unknown } = await answer.json()
  if (typeof body.key !== 'string') throw new Error(`Cannot issue a key: the answer was ${answer.status}`)
  return body.key
}

/**
 * The refusal that a call through one of the clients ends in.
 * @throws {Error} when the call succeeds, or fails without an answer.
 */
export async function refusal(call: Promise<unknown>): Promise<RemoteProblem> {
  try {
    await call
  } catch (error) {
    const problem = error instanceof DependencyUnavailable ? error.cause : error
    if (problem instanceof RemoteProblem) return problem
    throw error
  }
  throw new Error('Expected a refusal, but the call succeeded')
}

/** How often a race is run: a few times with all other tests, and in full by `bun run races`. */
export function raceRounds({ quick, full }: { quick: number; full: number }): number {
  return process.env['BAZAAR_RACES'] === 'full' ? full : quick
}
