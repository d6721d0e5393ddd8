import { setTimeout as delay } from 'node:timers/promises'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Cluster } from '../cluster/cluster.ts'
import { anyLink, type Fault, type Planned } from './fault.ts'
import { killed, killedWhenTold, paused } from './store-faults.ts'

/*
 * The database dies, hangs, refuses, and does to transactions what databases do.
 */

const WHOLE = 'database'
const DATABASE = { name: WHOLE, answers } as const
/** So many rows to undo make another transaction the victim of a deadlock. */
const HEAVY_ROWS = Array.from({ length: 2_000 }, (_, index) => [index])
const CONNECT_TIMEOUT_MS = 2_000
/** As long as a service waits for a row is two seconds. */
const LOCK_HELD_MS = [2_500, 5_000] as const

/** Faults of the database server. */
export const databaseFaults: readonly Fault[] = [
  {
    rows: ['F20'],
    name: 'database killed',
    weight: 1,
    lastsMs: [0, 0],
    isQuick: true,
    plan: (cluster) => killed(cluster, DATABASE),
  },
  {
    rows: ['F21'],
    name: 'database killed at a commit of inventory',
    weight: 0.5,
    lastsMs: [0, 0],
    isQuick: true,
    plan(cluster, random) {
      const link = anyLink(cluster, random, 'database', 'inventory')
      return killedWhenTold(cluster, { ...DATABASE, link, bytes: 'commit' })
    },
  },
  {
    rows: ['F23'],
    name: 'database paused',
    weight: 0.7,
    lastsMs: [500, 2_000],
    longMs: [8_000, 12_000],
    isQuick: true,
    plan: paused(WHOLE),
  },
  {
    rows: ['F26'],
    name: 'database has no connection to give',
    weight: 0.5,
    lastsMs: [1_000, 3_000],
    isQuick: true,
    plan: (cluster) => ({
      parts: [WHOLE],
      begin: async () => {
        await asAdmin(cluster, async (admin) => {
          await admin.query('set global max_connections = 10')
          await killConnections(admin, 200)
        })
        return {
          heal: () =>
            asAdmin(cluster, async (admin) => void (await admin.query('set global max_connections = 300'))),
        }
      },
    }),
  },
  setting('F31', 'database read-only', 'read_only', { wrong: '1', right: '0' }, 0.7),
  setting(
    'F33',
    'clock of the database in another zone',
    'time_zone',
    { wrong: "'-07:00'", right: "'SYSTEM'" },
    0.3,
  ),
  setting(
    'F34',
    'database does not flush commits',
    'innodb_flush_log_at_trx_commit',
    { wrong: '2', right: '1' },
    0.2,
  ),
  {
    rows: ['F32'],
    name: 'connections killed by the database',
    weight: 2,
    lastsMs: [500, 3_000],
    isQuick: true,
    plan: (cluster) => ({
      parts: ['connections of the database'],
      begin: async () => {
        let isOver = false
        const storm = asAdmin(cluster, async (admin) => {
          while (!isOver) {
            await killConnections(admin, 1)
            await delay(100)
          }
        }).catch((error: unknown) => {
          // Another fault may take the database away meanwhile.
          if (!(error instanceof Error)) throw error
        })
        return {
          heal: async () => {
            isOver = true
            await storm
          },
        }
      },
    }),
  },
  {
    rows: ['F28'],
    name: 'a row of stock locked by somebody else',
    weight: 1,
    lastsMs: LOCK_HELD_MS,
    isQuick: true,
    plan: (cluster) =>
      locked(cluster, 'inventory', 'select * from stock order by stock_count desc limit 1 for update'),
  },
  {
    rows: ['F28'],
    name: 'orders locked by somebody else',
    weight: 1,
    lastsMs: LOCK_HELD_MS,
    isQuick: false,
    plan: (cluster) =>
      locked(cluster, 'order', 'select id from orders order by placed_at desc limit 20 for update'),
  },
  deadlock(),
]

function setting(
  row: string,
  name: string,
  variable: string,
  { wrong, right }: { wrong: string; right: string },
  weight: number,
): Fault {
  return {
    rows: [row],
    name,
    weight,
    lastsMs: [500, 2_500],
    isQuick: true,
    plan: (cluster) => ({
      // A server that is killed comes back with the right settings, so both faults have all of it.
      parts: [WHOLE],
      begin: async () => {
        await asAdmin(cluster, (admin) => admin.query(`set global ${variable} = ${wrong}`))
        return {
          heal: async () =>
            void (await asAdmin(cluster, (admin) => admin.query(`set global ${variable} = ${right}`))),
        }
      },
    }),
  }
}

/** Somebody else holds rows for longer than a service waits for them. */
function locked(cluster: Cluster, service: 'inventory' | 'order', query: string): Planned {
  return {
    parts: [WHOLE],
    begin: async () => {
      const holder = await connect(cluster)
      await holder.query(`use ${cluster.databases[service]}`)
      await holder.query('start transaction')
      const [rows] = await holder.query<RowDataPacket[]>(query)
      if (rows.length === 0) {
        holder.destroy()
        return undefined
      }
      return { heal: async () => holder.destroy() }
    },
  }
}

/**
 * F27: somebody locks stock in the opposite order, row by row, and has so much to undo that the service is the
 * victim of each deadlock.
 */
function deadlock(): Fault {
  return {
    rows: ['F27'],
    name: 'stock locked in the opposite order',
    weight: 1,
    lastsMs: [0, 0],
    isQuick: true,
    plan: (cluster) => ({
      parts: [WHOLE],
      begin: async () => {
        const deadlocks = await asAdmin(cluster, async (other) => {
          await other.query(`use ${cluster.databases.inventory}`)
          await other.query('set session innodb_lock_wait_timeout = 2')
          await other.query('create temporary table heavy (n int primary key) engine = innodb')
          const before = await countDeadlocks(other)
          const giveUpAt = performance.now() + 4_000
          while (performance.now() < giveUpAt && (await countDeadlocks(other)) === before)
            await lockBackwards(other)
          return (await countDeadlocks(other)) - before
        })
        return deadlocks > 0 ? { heal: async () => undefined, note: `${deadlocks} deadlocks` } : undefined
      },
    }),
  }
}

async function lockBackwards(other: Connection): Promise<void> {
  const [rows] = await other.query<RowDataPacket[]>('select product_id from stock order by product_id desc')
  await other.query('start transaction')
  try {
    await other.query('insert into heavy values ?', [HEAVY_ROWS])
    for (const { product_id } of rows) {
      await other.query('select * from stock where product_id = ? for update', [product_id])
      await delay(2)
    }
  } catch (error) {
    // It may be the victim itself, or wait for too long.
    if (!(error instanceof Error)) throw error
  } finally {
    await other.query('rollback')
  }
}

/** MariaDB and MySQL both count in this table. */
async function countDeadlocks(connection: Connection): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "select count as deadlocks from information_schema.innodb_metrics where name = 'lock_deadlocks'",
  )
  return Number(rows[0]?.['deadlocks'])
}

/** Does something as the administrator of the database, past all proxies. */
export async function asAdmin<T>(
  cluster: Pick<Cluster, 'adminUrls'>,
  work: (admin: Connection) => Promise<T>,
): Promise<T> {
  const admin = await connect(cluster)
  try {
    return await work(admin)
  } finally {
    admin.destroy()
  }
}

async function connect({ adminUrls }: Pick<Cluster, 'adminUrls'>): Promise<Connection> {
  const connection = await createConnection({ uri: adminUrls.mysql, connectTimeout: CONNECT_TIMEOUT_MS })
  // Whoever waits for an answer hears of a loss; an event that nobody hears would end this process.
  connection.on('error', () => undefined)
  return connection
}

/** Kills connections of services, the given number at the most; tells how many. */
async function killConnections(admin: Connection, most: number): Promise<number> {
  const [found] = await admin.query<RowDataPacket[]>(
    "select id from information_schema.processlist where user like 'bazaar%' order by rand() limit ?",
    [most],
  )
  for (const { id } of found) {
    // It may have gone by itself meanwhile.
    await admin.query(`kill connection ${Number(id)}`).catch(() => undefined)
  }
  return found.length
}

async function answers({ adminUrls }: Cluster): Promise<boolean> {
  try {
    const connection = await createConnection({ uri: adminUrls.mysql, connectTimeout: 500 })
    await connection.end()
    return true
  } catch {
    // Not yet, for whatever reason.
    return false
  }
}
