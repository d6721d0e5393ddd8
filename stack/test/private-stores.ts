import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mountSmallDisk, type SmallDisk } from '@bazaar/shared/testing/small-disk'
import { Redis } from 'ioredis'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { type StackPaths, stackPaths } from '../src/paths.ts'
import type { ServerSpec } from '../src/processes/guarded-process.ts'
import { portTaker } from '../src/processes/ports.ts'
import { type Supervised, supervise } from '../src/processes/supervisor.ts'
import { type Programs, STORES } from '../src/programs/programs.ts'
import { storePrograms } from '../src/programs/store-programs.ts'
import { chosenRow } from '../src/programs/store-rows.ts'
import { databaseAdminUrl, prepareDatabase } from '../src/servers/database-server.ts'
import { prepareRedis, redisUrl } from '../src/servers/redis.ts'
import { makeSecrets } from '../src/services/secrets.ts'

/* Stores of one file of tests alone, each in a folder of its own; `endStores` ends them and removes their folders. */

/** Far more than a store needs to start, also on a busy machine. */
export const START_WITHIN_MS = 120_000
const ADMIN_PASSWORD = 'of-the-administrator'
/** A free port, no port twice. */
export const takePort = portTaker()
const running: Supervised[] = []
const folders: string[] = []
const disks: SmallDisk[] = []

/** The same passwords everywhere, as the parts of one replicated store have them. */
export const { passwords } = makeSecrets()

/** Ends all stores of the file. */
export async function endStores(): Promise<void> {
  // They are forgotten, too: another file in the same process has others.
  await Promise.all(running.splice(0).map((server) => server.stop()))
  await Promise.all(disks.splice(0).map((disk) => disk.unmount()))
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })))
}

/** The paths of a store in a new folder. */
export async function newPaths(): Promise<StackPaths> {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-store-'))
  folders.push(folder)
  return { ...stackPaths('any'), folder, stores: folder, logs: folder, run: folder }
}

/** Puts a disk of so many megabytes under a folder, until the stores end. */
export async function mountDisk(folder: string, megabytes: number): Promise<SmallDisk> {
  const disk = await mountSmallDisk(folder, megabytes)
  disks.push(disk)
  return disk
}

/** Those that the tests were told to run on, or the machine's. */
export function programs(): Promise<Programs> {
  return storePrograms(chosenRow(), {
    needed: STORES,
    note: () => undefined,
    signal: AbortSignal.timeout(START_WITHIN_MS),
  })
}

/** Starts a server and waits until it answers. */
export async function start(spec: ServerSpec, paths: StackPaths): Promise<Supervised> {
  const server = supervise(spec, { paths, onEvent: () => undefined })
  running.push(server)
  await server.ready
  return server
}

/** Starts a Redis; the URL is its administrator's. */
export async function startRedis(paths?: StackPaths): Promise<string> {
  const home = paths ?? (await newPaths())
  const access = { port: await takePort(), passwords }
  const { redis = '', root } = await programs()
  await start(await prepareRedis(redis, { paths: home, access, root }), home)
  return redisUrl(access, 'admin')
}

/** Does something with the Redis at a URL. */
export async function as<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url)
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

/** Starts a database server with an empty database `shop`; the URL is that of an account which may do all in it. */
export async function startDatabase(): Promise<string> {
  const paths = await newPaths()
  const access = { port: await takePort(), adminPassword: ADMIN_PASSWORD }
  const { mysql, root } = await programs()
  if (!mysql) throw new Error('There is no MariaDB or MySQL on this machine')
  const { signal } = new AbortController()
  await start(await prepareDatabase(mysql, { paths, access, root, signal }), paths)
  const url = `mysql://service:of-the-service@127.0.0.1:${access.port}/shop`
  for (const statement of [
    'create database shop',
    "create user service@'127.0.0.1' identified by 'of-the-service'",
    "grant all on shop.* to service@'127.0.0.1'",
  ])
    await administer(url, statement)
  return url
}

/** Has the administrator of the server at that URL do something. */
export async function administer(url: string, statement: string): Promise<RowDataPacket[]> {
  const port = Number(new URL(url).port)
  const admin = await createConnection({ uri: databaseAdminUrl({ port, adminPassword: ADMIN_PASSWORD }) })
  const [rows] = await admin.query<RowDataPacket[]>(statement)
  await admin.end()
  return rows
}
