import type { StackPaths } from '../paths.ts'
import type { Fleet } from '../processes/fleet.ts'
import { portTaker } from '../processes/ports.ts'
import { type Programs, STORES } from '../programs/programs.ts'
import { storePrograms } from '../programs/store-programs.ts'
import type { StoreRow } from '../programs/store-rows.ts'
import type { Progress } from '../progress.ts'
import type { Secrets } from '../services/secrets.ts'
import { changeState, loadState } from '../state.ts'
import { prepareDatabase } from './database-server.ts'
import type { ExternalServers } from './external.ts'
import { noteBrokerCameUp, prepareBroker } from './rabbitmq.ts'
import { prepareRedis } from './redis.ts'
import { type StoreAddresses, type StorePorts, storeAddresses } from './store-addresses.ts'

/** The ports that the main stack takes if they are free; other stacks take any, so that none waits for another's. */
const MAIN_PORTS: Partial<StorePorts> = {
  mysql: 23_306,
  redis: 26_379,
  rabbitmq: 25_672,
  rabbitmqNode: 25_673,
  epmd: 24_369,
}

/** The stores of a stack that are being started. */
export type Stores = StoreAddresses & {
  /** MySQL and Redis work. */
  ready: Promise<void>
  /** RabbitMQ works, several seconds later. */
  brokerReady: Promise<void>
}

type Options = {
  paths: StackPaths
  secrets: Secrets
  external: ExternalServers
  row: StoreRow | undefined
  fleet: Fleet
  progress: Progress
  signal: AbortSignal
}

type Start = Options & { programs: Programs; ports: StorePorts }

/** Starts the private servers, all at once, leaving out those that were given. */
export async function startStores(options: Options): Promise<Stores> {
  const { paths, external, row, progress, signal } = options
  const needed = STORES.filter((store) => external[store] === undefined)
  const programs = await progress.step('Find the servers', (note) =>
    storePrograms(row, { needed, note, signal }),
  )
  const ports = await choosePorts(paths)
  await changeState(paths, ({ stores: _before, ...state }) => ({
    ...state,
    ports,
    ...(row && { stores: row.name }),
  }))

  const start: Start = { ...options, programs, ports }
  const ready = Promise.all([startDatabase(start), startRedis(start)]).then(() => undefined)
  const brokerReady = startBroker(start)
  // If the caller never comes to wait for the broker, because something else failed, this must not end the process.
  brokerReady.catch(() => undefined)
  return { ...storeAddresses({ ...options, ports }), ready, brokerReady }
}

async function choosePorts(paths: StackPaths): Promise<StorePorts> {
  const { ports } = await loadState(paths)
  const wanted: Record<string, number> = paths.name === 'main' ? { ...MAIN_PORTS, ...ports } : ports
  const take = portTaker()
  return {
    mysql: await take(wanted['mysql']),
    redis: await take(wanted['redis']),
    rabbitmq: await take(wanted['rabbitmq']),
    rabbitmqNode: await take(wanted['rabbitmqNode']),
    epmd: await take(wanted['epmd']),
  }
}

async function startDatabase({ programs, ports, external, ...options }: Start): Promise<void> {
  const program = programs.mysql
  if (!program || external.mysql) return
  const access = { port: ports.mysql, adminPassword: options.secrets.passwords['admin'] ?? '' }
  const title = program.kind === 'mysql' ? 'Start MySQL' : 'Start MariaDB'
  await options.progress.step(title, async () => {
    const { paths, signal } = options
    const { root } = programs
    await options.fleet.run(await prepareDatabase(program, { paths, access, root, signal })).ready
  })
}

async function startRedis({ programs, ports, external, ...options }: Start): Promise<void> {
  const program = programs.redis
  if (!program || external.redis) return
  const access = { port: ports.redis, passwords: options.secrets.passwords }
  await options.progress.step('Start Redis', async () => {
    await options.fleet.run(
      await prepareRedis(program, { paths: options.paths, access, root: programs.root }),
    ).ready
  })
}

async function startBroker({ programs, ports, external, ...options }: Start): Promise<void> {
  const program = programs.rabbitmq
  if (!program || external.rabbitmq) return
  const access = { ports, passwords: options.secrets.passwords }
  await options.progress.step('Start RabbitMQ', async () => {
    const { epmd, rabbitmq } = await prepareBroker(program, {
      paths: options.paths,
      access,
      root: programs.root,
    })
    await options.fleet.run(epmd).ready
    await options.fleet.run(rabbitmq).ready
    await noteBrokerCameUp(options.paths)
  })
}
