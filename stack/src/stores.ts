import type { ExternalServers } from './external.ts'
import type { Fleet } from './fleet.ts'
import { ensurePrograms } from './install-programs.ts'
import { prepareDatabase } from './mariadb.ts'
import type { StackPaths } from './paths.ts'
import { portTaker } from './ports.ts'
import { type Programs, STORES } from './programs.ts'
import type { Progress } from './progress.ts'
import { prepareBroker } from './rabbitmq.ts'
import { prepareRedis } from './redis.ts'
import type { Secrets } from './secrets.ts'
import { changeState, loadState, type StackState } from './state.ts'
import { type StoreAddresses, type StorePorts, storeAddresses } from './store-addresses.ts'

/** The ports that private servers take first; far from the standard ones and from each other. */
const FIRST_PORTS: StorePorts = {
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
  fleet: Fleet
  progress: Progress
}

type Start = Options & { programs: Programs; ports: StorePorts }

/** Starts the private servers, all at once, leaving out those that were given. */
export async function startStores(options: Options): Promise<Stores> {
  const { paths, external, progress } = options
  const needed = STORES.filter((store) => external[store] === undefined)
  const programs = await progress.step('Find the servers', (note) => ensurePrograms(needed, note))
  const ports = await choosePorts(await loadState(paths))
  await changeState(paths, (state) => ({ ...state, ports }))

  const start: Start = { ...options, programs, ports }
  const ready = Promise.all([startDatabase(start), startRedis(start)]).then(() => undefined)
  const brokerReady = startBroker(start)
  // Who never comes to wait for the broker, because something else failed, must not end the process by that.
  brokerReady.catch(() => undefined)
  return { ...storeAddresses({ ...options, ports }), ready, brokerReady }
}

async function choosePorts({ ports }: StackState): Promise<StorePorts> {
  const take = portTaker()
  return {
    mysql: await take(ports['mysql'] ?? FIRST_PORTS.mysql),
    redis: await take(ports['redis'] ?? FIRST_PORTS.redis),
    rabbitmq: await take(ports['rabbitmq'] ?? FIRST_PORTS.rabbitmq),
    rabbitmqNode: await take(ports['rabbitmqNode'] ?? FIRST_PORTS.rabbitmqNode),
    epmd: await take(ports['epmd'] ?? FIRST_PORTS.epmd),
  }
}

async function startDatabase({ programs, ports, external, ...options }: Start): Promise<void> {
  const program = programs.mysql
  if (!program || external.mysql) return
  const access = { port: ports.mysql, adminPassword: options.secrets.passwords['admin'] ?? '' }
  await options.progress.step('Start MariaDB', async () => {
    await options.fleet.run(await prepareDatabase(program, { paths: options.paths, access })).ready
  })
}

async function startRedis({ programs, ports, external, ...options }: Start): Promise<void> {
  const program = programs.redis
  if (!program || external.redis) return
  const access = { port: ports.redis, passwords: options.secrets.passwords }
  await options.progress.step('Start Redis', async () => {
    await options.fleet.run(await prepareRedis(program, { paths: options.paths, access })).ready
  })
}

async function startBroker({ programs, ports, external, ...options }: Start): Promise<void> {
  const program = programs.rabbitmq
  if (!program || external.rabbitmq) return
  const access = { ports, passwords: options.secrets.passwords }
  await options.progress.step('Start RabbitMQ', async () => {
    const { epmd, rabbitmq } = await prepareBroker(program, { paths: options.paths, access })
    await options.fleet.run(epmd).ready
    await options.fleet.run(rabbitmq).ready
  })
}
