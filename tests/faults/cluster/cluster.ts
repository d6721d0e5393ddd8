import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startTcpProxy, type TcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import { repositoryFolder, type StackPaths } from '@bazaar/stack/paths'
import { portTaker } from '@bazaar/stack/processes/ports'
import type { StoreVersions } from '@bazaar/stack/programs/store-versions'
import type { Progress } from '@bazaar/stack/progress'
import { SERVICES, type ServiceName } from '@bazaar/stack/servers/databases'
import { MESSAGE_VHOST } from '@bazaar/stack/servers/rabbitmq'
import { issueKey, KEY_GRANTS } from '@bazaar/stack/services/issue-keys'
import { UNLIMITED } from '@bazaar/stack/services/unlimited'
import { type Stack, startStack } from '@bazaar/stack/stack'
import { type Plant, planted } from '../../plants/plant.ts'
import { nowMs } from '../history/history.ts'
import {
  createFailpoints,
  FAILPOINTS_SERVICE_VARIABLE,
  FAILPOINTS_VARIABLE,
  type Failpoints,
} from '../points/failpoint.ts'
import { POINTS, type Point, plantsOf } from '../points/points.ts'
import { type Balancer, balance } from './balancer.ts'
import { type Exit, type Member, startMember } from './member.ts'
import { type Store, type StoreName, storeOf } from './store.ts'

/** The way from one instance to a store or to another service, through a proxy of its own. */
export type Link = { from: string; service: ServiceName; to: StoreName | ServiceName; proxy: TcpProxy }

/** A whole marketplace of real processes in which every part can be made to fail. */
export type Cluster = {
  /** Where clients reach each service: a balancer over its instances. */
  urls: Record<ServiceName, string>
  /** The stores as their administrator reaches them, past all proxies. */
  adminUrls: { mysql: string; redis: string; rabbitmq: string }
  /** What the stores say that they are. */
  versions: StoreVersions
  /** The name of each service's database at `adminUrls.mysql`. */
  databases: Record<ServiceName, string>
  members: readonly Member[]
  stores: Record<StoreName, Store>
  links: readonly Link[]
  /** What clients are connected to at `urls`. */
  fronts: Record<ServiceName, TcpProxy>
  failpoints: Failpoints
  paths: StackPaths
  /** Every end of a process so far, asked for or not. */
  exits: readonly Exit[]
  /** The keys with which operators come in. */
  bootstrapKeys: { iam: string; inventory: string }
  /** The variables of a service, as its instances have them but past all proxies. */
  environmentOf: (service: ServiceName) => Record<string, string>
  /** Until every instance and every store says that all is well. */
  healthy: (timeoutMs?: number) => Promise<void>
  /** Stops everything and deletes its data; the logs stay when `keepLogs`. */
  stop: (options?: { keepLogs?: boolean }) => Promise<void>
}

/** What kind of cluster to run. */
export type ClusterOptions = {
  /** Of the folder under `.bazaar`. */
  name: string
  /** Changes of the source of each service, such as a mistake that must be found. */
  plants?: Partial<Record<ServiceName, readonly Plant[]>>
  /** The failpoints in the source; all when not given. */
  points?: readonly Point[]
  /** How many instances of each service; two of each when not given. */
  instances?: Partial<Record<ServiceName, number>>
  /** Variables for every service. */
  environment?: Readonly<Record<string, string>>
  progress?: Progress
  signal?: AbortSignal
}

const STORE_RESTART_MS = 200
const HEALTHY_WITHIN_MS = 120_000
/** Passwords in tests are not worth more work than the least that the services accept. */
const ENVIRONMENT = { ...UNLIMITED, BCRYPT_COST: '10' }

/** Starts a cluster; returns when every instance is ready. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const stores = {
    database: storeOf('database', () => stack.pid('database')),
    redis: storeOf('redis', () => stack.pid('redis')),
    rabbitmq: storeOf('rabbitmq', () => stack.pid('rabbitmq')),
  }
  const exits: Exit[] = []
  const stack: Stack = await startStack({
    name: options.name,
    except: SERVICES,
    external: {},
    restarts: {
      delayMs: { first: STORE_RESTART_MS, max: STORE_RESTART_MS },
      before: async (name) => await storeNamed(name)?.gate.pass(),
    },
    onEvent: (event) => {
      if (event.kind === 'ended')
        exits.push({
          name: event.name,
          atMs: nowMs(),
          how: event.exit,
          expected: storeNamed(event.name)?.isEndAsked() ?? false,
        })
    },
    ...(options.progress ? { progress: options.progress } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  })

  function storeNamed(name: string): Store | undefined {
    return Object.values(stores).find((store) => store.name === name)
  }

  const cluster = await createParts(options, stack, { stores, exits })
  try {
    await cluster.start()
    await cluster.handle.healthy()
    return cluster.handle
  } catch (error) {
    await cluster.handle.stop({ keepLogs: true })
    throw error
  }
}

/** The parts of a cluster around its stores. */
async function createParts(
  options: ClusterOptions,
  stack: Stack,
  { stores, exits }: { stores: Record<StoreName, Store>; exits: Exit[] },
) {
  const { points = POINTS, instances = {} } = options
  const members: Member[] = []
  const links: Link[] = []
  const balancers: Partial<Record<ServiceName, Balancer>> = {}
  const failpoints = createFailpoints(join(stack.paths.folder, 'failpoints'))
  const takePort = portTaker()
  const keys: Partial<Record<ServiceName, Record<string, string>>> = {}

  /** A way to a store or service for one instance. */
  async function link(from: string, service: ServiceName, to: Link['to'], target: string): Promise<string> {
    const choose = to === 'database' || to === 'redis' || to === 'rabbitmq' ? target : chooser(to)
    const proxy = await startTcpProxy(choose)
    links.push({ from, service, to, proxy })
    const url = new URL(target)
    url.host = `127.0.0.1:${proxy.port}`
    return url.href.replace(/\/$/, '')
  }

  function chooser(service: ServiceName): () => string | undefined {
    return () => balancers[service]?.choose()
  }

  async function linked(from: string, service: ServiceName): Promise<Record<string, string>> {
    const environment = { ...stack.environmentOf(service), ...keys[service] }
    const targets: Record<string, Link['to']> = {
      DATABASE_URL: 'database',
      REDIS_URL: 'redis',
      RABBITMQ_URL: 'rabbitmq',
      IAM_URL: 'iam',
      INVENTORY_URL: 'inventory',
      USER_URL: 'user',
      ORDER_URL: 'order',
    }
    for (const [variable, to] of Object.entries(targets)) {
      const target = environment[variable]
      if (target !== undefined) environment[variable] = await link(from, service, to, target)
    }
    return environment
  }

  async function startService(service: ServiceName): Promise<void> {
    const names = Array.from({ length: instances[service] ?? 2 }, (_, index) => `${service}-${index + 1}`)
    const plants = planted([...(options.plants?.[service] ?? []), ...plantsOf(points, service)])
    const started = await Promise.all(
      names.map(async (name) =>
        startMember({
          name,
          service,
          paths: stack.paths,
          program: [
            '--preload',
            new URL('../points/failpoint-preload.ts', import.meta.url).pathname,
            ...plants.arguments,
            join(repositoryFolder, 'services', service, 'src', 'main.ts'),
          ],
          environment: {
            ...(await linked(name, service)),
            ...ENVIRONMENT,
            ...options.environment,
            ...plants.environment,
            [FAILPOINTS_VARIABLE]: failpoints.folder,
            [FAILPOINTS_SERVICE_VARIABLE]: service,
          },
          port: await takePort(),
          onExit: (exit) => exits.push(exit),
        }),
      ),
    )
    members.push(...started)
    balancers[service] = balance(started)
  }

  async function obtainKey(holder: 'user' | 'order', variable: string): Promise<void> {
    const { issuer } = KEY_GRANTS[holder]
    const { key } = await issueKey(holder, {
      issuerUrl: urls[issuer],
      bootstrapKey: bootstrapKeys[issuer],
      databaseAddress: 'private',
      now: new Date(),
    })
    keys[holder] = { [variable]: key }
  }

  const fronts = {
    iam: await startTcpProxy(chooser('iam')),
    user: await startTcpProxy(chooser('user')),
    inventory: await startTcpProxy(chooser('inventory')),
    order: await startTcpProxy(chooser('order')),
  }
  const urls = {
    iam: urlOf(fronts.iam),
    user: urlOf(fronts.user),
    inventory: urlOf(fronts.inventory),
    order: urlOf(fronts.order),
  }
  const bootstrapKeys = {
    iam: stack.environmentOf('iam')['BOOTSTRAP_API_KEY'] ?? '',
    inventory: stack.environmentOf('inventory')['BOOTSTRAP_API_KEY'] ?? '',
  }
  const handle: Cluster = {
    urls,
    adminUrls: { ...stack.adminUrls, rabbitmq: atVhost(stack.adminUrls.rabbitmq) },
    versions: stack.versions,
    databases: {
      iam: 'bazaar_iam',
      user: 'bazaar_user',
      inventory: 'bazaar_inventory',
      order: 'bazaar_order',
    },
    members,
    stores,
    links,
    fronts,
    failpoints,
    paths: stack.paths,
    exits,
    bootstrapKeys,
    environmentOf: (service) => ({ ...stack.environmentOf(service), ...keys[service] }),
    healthy: (timeoutMs = HEALTHY_WITHIN_MS) => untilHealthy(members, timeoutMs),
    async stop({ keepLogs = false } = {}) {
      for (const store of Object.values(stores)) {
        store.resume()
        store.gate.open()
      }
      await Promise.all(Object.values(balancers).map((balancer) => balancer.stop()))
      await Promise.all(members.map((member) => member.stop()))
      await Promise.all(
        [...Object.values(fronts), ...links.map(({ proxy }) => proxy)].map((proxy) => proxy.close()),
      )
      await stack.stop()
      const { folder } = stack.paths
      if (!keepLogs) await rm(folder, { recursive: true, force: true })
      else
        for (const part of ['mariadb', 'mysql', 'redis', 'rabbitmq'])
          await rm(join(stack.paths.stores, part), { recursive: true, force: true })
    },
  }

  return {
    handle,
    async start(): Promise<void> {
      await Promise.all([startService('iam'), startService('inventory')])
      await Promise.all([
        obtainKey('user', 'IAM_API_KEY').then(() => startService('user')),
        obtainKey('order', 'INVENTORY_API_KEY').then(() => startService('order')),
      ])
    },
  }
}

function urlOf({ port }: TcpProxy): string {
  return `http://127.0.0.1:${port}`
}

function atVhost(rabbitmqUrl: string): string {
  const url = new URL(rabbitmqUrl)
  url.pathname = `/${MESSAGE_VHOST}`
  return url.href
}

async function untilHealthy(members: readonly Member[], timeoutMs: number): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs
  let ill: string[] = []
  while (performance.now() < giveUpAt) {
    ill = (await Promise.all(members.map(illnessOf))).flat()
    if (ill.length === 0) return
    await delay(100)
  }
  throw new Error(`The cluster did not get well within ${timeoutMs / 1000} s: ${ill.join('; ')}`)
}

async function illnessOf({ name, url, pid }: Member): Promise<string[]> {
  if (pid() === undefined) return [`${name} does not run`]
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })
    const text = await answer.text()
    const isWell = answer.status === 200 && !text.includes('degraded')
    return isWell ? [] : [`${name} answers ${answer.status} ${text}`]
  } catch (error) {
    return [`${name} does not answer: ${String(error)}`]
  }
}
