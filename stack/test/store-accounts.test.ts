import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { execFileSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { until } from '@bazaar/shared/testing/until'
import { connect, credentials } from 'amqplib'
import { Redis } from 'ioredis'
import { type ConnectionOptions, createConnection, type RowDataPacket } from 'mysql2/promise'
import { removeStack } from '../src/commands/reset.ts'
import { privateFolder } from '../src/paths.ts'
import { signal } from '../src/processes/process-table.ts'
import { SERVICES } from '../src/servers/databases.ts'
import { ACCOUNTS } from '../src/services/secrets.ts'
import { type Stack, startStack } from '../src/stack.ts'

/*
 * Everybody with a shell on this machine can try to enter the private stores. So each account that is there, or that an
 * installer may have made, is tried without a password and with wrong ones, over TCP and over the socket.
 */

const NAME = `test-accounts-${process.pid}`
const INSTALLED = ['', 'root', 'mysql', 'guest', 'default', 'anybody']
const START_WITHIN_MS = 180_000

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ name: NAME, except: SERVICES, external: {} })
}, START_WITHIN_MS)
afterAll(async () => {
  await stack.stop()
  await removeStack(NAME)
}, START_WITHIN_MS)

const wrongPasswords = (account: string) => ['', 'wrong', account]

describe('the private database', () => {
  test('lets nobody in without the password of the account, whichever user of the system asks', async () => {
    expect(await enter(urlParts())).toBe('entered')
    expect(await allThatEnter()).toEqual([])
  })

  test('closes at its start the accounts that an earlier version left open', async () => {
    await query("CREATE USER 'root'@'127.0.0.1' IDENTIFIED BY ''")
    await query("CREATE USER ''@'localhost' IDENTIFIED BY ''")
    // MySQL has a plug-in for that, which is not loaded.
    if (isMariaDB()) await query('CREATE USER mysql@localhost IDENTIFIED VIA unix_socket')
    expect(await enter({ ...urlParts(), user: 'root', password: '' })).toBe('entered')

    const before = stack.pid('database') ?? 0
    signal(before, 'SIGTERM')
    await until('the database is back', async () => {
      const pid = stack.pid('database')
      return pid !== undefined && pid !== before && (await enter(urlParts())) === 'entered'
    })
    expect(await allThatEnter()).toEqual([])
  })
})

test('the private Redis lets nobody in without the password of the account', async () => {
  const { hostname: host, port } = new URL(stack.adminUrls.redis)
  const known = new Redis(stack.adminUrls.redis)
  const listed = await known.acl('USERS')
  known.disconnect()
  const entered: string[] = []
  for (const username of new Set([...INSTALLED, ...ACCOUNTS, ...listed])) {
    for (const password of wrongPasswords(username)) {
      const answer = await pingRedis({ host, port: Number(port), username, password })
      if (!/^(NOAUTH|WRONGPASS)/.test(answer)) entered.push(`${username} with "${password}": ${answer}`)
    }
  }
  expect(entered).toEqual([])
})

test('the private RabbitMQ lets nobody in without the password of the account', async () => {
  const entered: string[] = []
  const ways = [...INSTALLED, ...ACCOUNTS].flatMap((account) =>
    wrongPasswords(account).map((password) => credentials.plain(account, password)),
  )
  const anonymous = { mechanism: 'ANONYMOUS', response: () => Buffer.from('') }
  for (const vhost of ['/', 'bazaar', 'tests']) {
    const url = new URL(stack.adminUrls.rabbitmq)
    const address = `amqp://${url.host}/${encodeURIComponent(vhost)}`
    for (const way of [...ways, anonymous]) {
      const outcome = await connect(address, { credentials: way }).then(
        async (connection) => {
          await connection.close()
          return 'entered'
        },
        (error: unknown) => String(error),
      )
      if (!/ACCESS.REFUSED|mechanism/i.test(outcome)) entered.push(`${way.mechanism} at ${vhost}: ${outcome}`)
    }
  }
  expect(entered).toEqual([])
})

test('the folders of a stack are closed to everybody but the owner and the database server', async () => {
  for (const folder of [privateFolder, stack.paths.folder]) {
    const { mode, gid, uid } = await stat(folder)
    expect(uid).toBe(process.getuid?.() ?? uid)
    expect((mode & 0o777).toString(8)).toBe(runsAsMysql() ? '710' : '700')
    if (runsAsMysql()) expect(gid).toBe(idOf('mysql', '-g') ?? -1)
  }
  const data = await stat(dataFolder())
  expect(data.mode & 0o007).toBe(0)
  expect(data.uid).toBe((runsAsMysql() ? idOf('mysql', '-u') : process.getuid?.()) ?? -1)
})

/** Each account that lets somebody in without its password, by which way, and for which user of the system. */
async function allThatEnter(): Promise<string[]> {
  const listed = await query<{ name: string }>('SELECT DISTINCT user AS name FROM mysql.user')
  const names = new Set([...INSTALLED, ...ACCOUNTS, ...listed.map(({ name }) => name)])
  const places = [tcp(), { socketPath: join(dataFolder(), 'server.sock') }]
  const entered: string[] = []
  for (const caller of callers()) {
    for (const place of places) {
      for (const user of names) {
        for (const password of wrongPasswords(user)) {
          const outcome = await as(caller, () => enter({ ...place, user, password }))
          if (outcome !== 'refused') entered.push(`${user} "${password}" for user ${caller}: ${outcome}`)
        }
      }
    }
  }
  return entered
}

/** The users of the system that this test can be: itself and, for root, two that may do less. */
function callers(): (number | undefined)[] {
  if (process.getuid?.() !== 0) return [undefined]
  return [undefined, idOf('nobody', '-u'), idOf('mysql', '-u')]
}

async function as<Result>(user: number | undefined, work: () => Promise<Result>): Promise<Result> {
  if (user === undefined) return await work()
  process.seteuid?.(user)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}

function isMariaDB(): boolean {
  return stack.versions.mysql.startsWith('MariaDB ')
}

function dataFolder(): string {
  return join(stack.paths.stores, isMariaDB() ? 'mariadb' : 'mysql', 'data')
}

function runsAsMysql(): boolean {
  const pid = String(stack.pid('database') ?? 0)
  return execFileSync('ps', ['-o', 'user=', '-p', pid], { encoding: 'utf8' }).trim() === 'mysql'
}

function idOf(user: string, which: '-u' | '-g'): number | undefined {
  return Number(execFileSync('id', [which, user], { encoding: 'utf8' }))
}

/** How a server says that it does not let somebody in; the last is the folder in front of the socket. */
const REFUSAL = /Access denied|is not allowed to connect|EACCES/

async function enter(options: ConnectionOptions): Promise<string> {
  try {
    const connection = await createConnection(options)
    await connection.end()
    return 'entered'
  } catch (error) {
    return REFUSAL.test(String(error)) ? 'refused' : String(error)
  }
}

function tcp() {
  const { hostname, port } = new URL(stack.adminUrls.mysql)
  return { host: hostname, port: Number(port) }
}

function urlParts() {
  const { username, password } = new URL(stack.adminUrls.mysql)
  return { ...tcp(), user: username, password }
}

async function query<Row>(statement: string): Promise<(RowDataPacket & Row)[]> {
  const connection = await createConnection(urlParts())
  try {
    const [rows] = await connection.query<(RowDataPacket & Row)[]>(statement)
    return rows
  } finally {
    await connection.end()
  }
}

async function pingRedis(options: {
  host: string
  port: number
  username: string
  password: string
}): Promise<string> {
  const redis = new Redis({ ...options, lazyConnect: true, retryStrategy: null, enableReadyCheck: false })
  redis.on('error', () => undefined)
  try {
    return await redis.ping()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    redis.disconnect()
  }
}
