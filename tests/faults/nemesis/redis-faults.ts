import { Redis } from 'ioredis'
import type { Cluster } from '../cluster/cluster.ts'
import { anyLink, back, type Fault } from './fault.ts'
import { killed, killedWhenTold, paused } from './store-faults.ts'

/*
 * Redis dies, hangs, forgets everything, and refuses in all the ways it knows.
 */

const WHOLE = 'redis'
const REDIS = { name: WHOLE, answers } as const

/** Faults of the server that holds the sessions. */
export const redisFaults: readonly Fault[] = [
  {
    rows: ['F60'],
    name: 'redis killed',
    weight: 1.5,
    lastsMs: [0, 0],
    isQuick: true,
    plan: (cluster) => killed(cluster, REDIS),
  },
  {
    rows: ['F61'],
    name: 'redis killed when a session begins or ends',
    weight: 0.5,
    lastsMs: [0, 0],
    isQuick: true,
    plan(cluster, random) {
      const link = anyLink(cluster, random, 'redis', 'user')
      // The scripts that begin and end sessions name the index of the user's sessions.
      return killedWhenTold(cluster, { ...REDIS, link, bytes: 'sessions:' })
    },
  },
  {
    rows: ['F63'],
    name: 'redis paused',
    weight: 1,
    lastsMs: [300, 1_500],
    longMs: [8_000, 10_000],
    isQuick: true,
    plan: paused(WHOLE),
  },
  {
    rows: ['F64'],
    name: 'redis empty',
    weight: 0.1,
    lastsMs: [0, 0],
    isQuick: false,
    plan: (cluster) => ({
      parts: [WHOLE],
      begin: async () => {
        await asAdmin(cluster, (admin) => admin.flushall())
        return { heal: async () => undefined }
      },
    }),
  },
  refusing('F65', 'redis full', {
    begin: ['config set maxmemory 1'],
    heal: ['config set maxmemory 0'],
  }),
  refusing('F66', 'redis wants a replica to write', {
    begin: ['config set min-replicas-to-write 1'],
    heal: ['config set min-replicas-to-write 0'],
  }),
  refusing('F66', 'redis does not let order in', {
    begin: ['acl setuser order off', 'client kill user order'],
    heal: ['acl setuser order on'],
  }),
  refusing('F66', 'redis read-only, a replica of nobody', {
    begin: ['replicaof 127.0.0.1 1'],
    heal: ['replicaof no one'],
  }),
  refusing('F66', 'redis without its master', {
    begin: ['config set replica-serve-stale-data no', 'replicaof 127.0.0.1 1'],
    heal: ['replicaof no one', 'config set replica-serve-stale-data yes'],
  }),
  refusing('F62', 'redis keeps nothing', {
    begin: ['config set appendonly no'],
    heal: ['config set appendonly yes'],
  }),
]

function refusing(
  row: string,
  name: string,
  commands: { begin: readonly string[]; heal: readonly string[] },
): Fault {
  return {
    rows: [row],
    name,
    weight: 0.4,
    lastsMs: [500, 2_000],
    isQuick: true,
    plan: (cluster) => ({
      parts: [WHOLE],
      begin: async () => {
        await run(cluster, commands.begin)
        return {
          heal: async () => {
            await run(cluster, commands.heal)
            await back('redis', () => keepsEverything(cluster))
          },
        }
      },
    }),
  }
}

async function run(cluster: Cluster, commands: readonly string[]): Promise<void> {
  await asAdmin(cluster, async (admin) => {
    for (const command of commands) {
      const [name = '', ...words] = command.split(' ')
      await admin.call(name, ...words)
    }
  })
}

/** Only when the log was written anew is a crash harmless again. */
async function keepsEverything(cluster: Cluster): Promise<boolean> {
  const info = await asAdmin(cluster, (admin) => admin.info('persistence'))
  return ['aof_enabled:1', 'aof_rewrite_in_progress:0', 'aof_rewrite_scheduled:0'].every((line) =>
    info.includes(line),
  )
}

/** Does something as the administrator of Redis, past all proxies. */
async function asAdmin<T>({ adminUrls }: Cluster, work: (admin: Redis) => Promise<T>): Promise<T> {
  const admin = new Redis(adminUrls.redis, {
    lazyConnect: true,
    commandTimeout: 2_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  admin.on('error', () => undefined)
  try {
    await admin.connect()
    return await work(admin)
  } finally {
    admin.disconnect()
  }
}

async function answers(cluster: Cluster): Promise<boolean> {
  try {
    await asAdmin(cluster, (admin) => admin.ping())
    return true
  } catch {
    // Not yet, for whatever reason.
    return false
  }
}
