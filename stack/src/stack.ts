import { type StackPaths, stackPaths } from './paths.ts'
import { createFleet, type Fleet } from './processes/fleet.ts'
import { settleLeftovers } from './processes/leftovers.ts'
import { keepLogsBounded } from './processes/log-rotation.ts'
import { isAnswered } from './processes/ports.ts'
import type { Restarts, SupervisorEvent } from './processes/supervisor.ts'
import { type SupervisorLock, takeSupervisorLock } from './processes/supervisor-lock.ts'
import { unlessAborted } from './processes/unless-aborted.ts'
import { chosenRow, expectVersions, refuseBoth, type StoreRow } from './programs/store-rows.ts'
import { askVersions, type StoreVersions } from './programs/store-versions.ts'
import { type Progress, silence } from './progress.ts'
import { dropDatabases, type ServiceName } from './servers/databases.ts'
import { type ExternalServers, givenServers } from './servers/external.ts'
import { prepareDatabases } from './servers/prepare-databases.ts'
import { databaseAddressOf } from './servers/store-addresses.ts'
import { startStores } from './servers/stores.ts'
import { findRuntime } from './services/runtime.ts'
import { loadSecrets } from './services/secrets.ts'
import { serviceEnvironment, serviceUrl, type Wiring } from './services/services.ts'
import { chooseShopPort, DEFAULT_SHOP_PORT, shopSpec, shopUrl } from './services/shop.ts'
import {
  chooseServicePorts,
  ensureIssuers,
  type ReadyTimes,
  startServices,
} from './services/start-services.ts'
import { givenOrigins } from './services/web-origins.ts'
import { messageOf } from './stack-error.ts'
import { makeStackFolder } from './stack-folder.ts'
import { changeState, loadState } from './state.ts'

/** Which stack to run and how. */
export type StackOptions = {
  name: string
  /** The services listen on the four ports after this one; on any free ones when it is not given. */
  portBase?: number
  /** `bun`, or `deno`. */
  runtime?: string
  /** Load demo data, unless that was done before. */
  seed?: boolean
  /** Services that are left out: some because somebody runs them by hand, or all for the stores alone. */
  except?: readonly ServiceName[]
  /** It is stopped as soon as it has started, so other commands are not told that it is ready. */
  isBrief?: boolean
  /** Run the shop on `portBase`, or on any free port. */
  shop?: boolean
  /** Variables for every service, on top of what the stack sets. */
  environment?: Readonly<Record<string, string>>
  /** Servers to use in place of private ones; those that the environment names when it is not given. */
  external?: ExternalServers
  /** The row of stores to run on; the one that the environment names when it is not given. */
  row?: StoreRow
  progress?: Progress
  onEvent?: (event: SupervisorEvent) => void
  /** How what ended is started again; after half a second at first when not given. */
  restarts?: Restarts
  /** Ends everything, also while it is still being started. */
  signal?: AbortSignal
}

/** What is known of a stack once it runs. */
type StartedStack = {
  urls: Record<ServiceName, string> & { shop?: string }
  /** URLs of the stores that open everything. */
  adminUrls: { mysql: string; redis: string; rabbitmq: string }
  /** What the stores say that they are. */
  versions: StoreVersions
  readyTimes: ReadyTimes
  /** Loads demo data, unless that was done before. */
  loadDemoData: () => Promise<void>
  /** Whether demo data was ever loaded. */
  hasDemoData: boolean
  /** The variables with which the stack runs a service. */
  environmentOf: (service: ServiceName) => Record<string, string>
  /** Deletes its databases and accounts from a given server, once the stack was stopped. */
  forget: () => Promise<void>
}

/** A running stack. */
export type Stack = StartedStack & {
  paths: StackPaths
  /** The process of a service or store now. */
  pid: (name: string) => number | undefined
  stop: () => Promise<void>
}

/**
 * Runs a stack: its stores, its databases and the four services. What it started it keeps running until `stop`,
 * and nothing of it outlives this process, even if that is killed.
 * @throws {AlreadyRunning} when another process runs this stack.
 * @throws {StackError} when it cannot be started; everything is stopped again by then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { progress = silence, onEvent = () => undefined } = options
  const row = options.row ?? chosenRow()
  const paths = stackPaths(options.name, row)
  await makeStackFolder(paths)
  const lock = await takeSupervisorLock(paths)
  const fleet = createFleet({ ...options, paths, progress, onEvent })
  const ending = new AbortController()
  const end = () => {
    ending.abort()
    void fleet.stop()
  }
  options.signal?.addEventListener('abort', end)
  const stop = async () => {
    options.signal?.removeEventListener('abort', end)
    ending.abort()
    await fleet.stop()
    await lock.release()
  }
  const { signal } = ending
  try {
    if (options.signal?.aborted) end()
    keepLogsBounded(paths.logs, signal).catch((error: unknown) => progress.line(messageOf(error)))
    await progress.step('Look for an earlier run', () => settleLeftovers(paths, signal))
    const started = await startEverything({ ...options, progress, signal }, { row, paths, fleet, lock })
    return { ...started, paths, pid: fleet.pid, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Parts = { row: StoreRow | undefined; paths: StackPaths; fleet: Fleet; lock: SupervisorLock }

async function startEverything(
  options: StackOptions & { progress: Progress; signal: AbortSignal },
  { row, paths, fleet, lock }: Parts,
): Promise<StartedStack> {
  const { progress, signal, except = [] } = options
  const webOrigins = givenOrigins()
  const runtime = await findRuntime(options.runtime ?? 'bun', progress, signal)
  const servicePorts = await chooseServicePorts(options.portBase, except)
  const shopPort = options.shop ? await chooseShopPort(options.portBase) : undefined
  const urls = { ...serviceUrls(servicePorts), ...(shopPort && { shop: shopUrl(shopPort) }) }
  await lock.publish({ urls })
  const secrets = await loadSecrets(paths)
  const external = options.external ?? givenServers()
  if (row) refuseBoth(row, external)
  await ensureIssuers(secrets, { except, servicePorts, databaseAddress: databaseAddressOf(external, row) })
  const stores = await startStores({ paths, secrets, external, row, fleet, progress, signal })
  await stores.ready
  await progress.step('Prepare the databases', () => prepareDatabases(stores, { paths, secrets, signal }))

  const extra = options.environment ?? {}
  const letters = { shopOrigin: shopUrl(shopPort ?? DEFAULT_SHOP_PORT), lettersFolder: paths.letters }
  const wiring: Wiring = { ...stores, servicePorts, secrets, webOrigins, ...letters, extra }
  const { databaseAddress } = stores
  const readyTimes = await startServices({
    wiring,
    runtime,
    fleet,
    paths,
    progress,
    databaseAddress,
    except,
    signal,
  })
  await stores.brokerReady
  const versions = await unlessAborted(signal, () => askVersions(stores.adminUrls))
  if (row) expectVersions(row, versions)
  const loadDemoData = () => seedOnce(urls, { databaseAddress, paths, progress, except, signal })
  if (options.seed) await loadDemoData()
  if (shopPort) {
    const spec = shopSpec(shopPort, { wiring, runtime })
    await progress.step('Start the shop', () => fleet.run(spec).ready)
  }
  if (!options.isBrief) await lock.publish({ urls, readyAt: new Date().toISOString() })
  return {
    urls,
    adminUrls: stores.adminUrls,
    versions,
    readyTimes,
    loadDemoData,
    hasDemoData: (await loadState(paths)).seededAt[databaseAddress] !== undefined,
    environmentOf: (service) => serviceEnvironment(service, wiring),
    forget: async () => {
      if (external.mysql) await dropDatabases(stores.database)
    },
  }
}

type SeedOnce = {
  databaseAddress: string
  paths: StackPaths
  progress: Progress
  except: readonly ServiceName[]
  signal: AbortSignal
}

/** Loads demo data the first time that a stack runs on a database server. */
async function seedOnce(urls: Record<ServiceName, string>, options: SeedOnce): Promise<void> {
  const { databaseAddress, paths, signal } = options
  const { seededAt } = await loadState(paths)
  if (seededAt[databaseAddress]) return
  for (const service of ['user', 'inventory'] as const) {
    if (!options.except.includes(service) || (await isAnswered(Number(new URL(urls[service]).port)))) continue
    options.progress.line(
      `No demo data: ${service} is left out, and does not run yet. Load it with ./bazaar seed`,
    )
    return
  }
  await options.progress.step('Load demo data', async (note) => {
    // Loaded only now: it brings the services' clients with it, which nothing else here needs.
    const { seedDemoData } = await import('./seed.ts')
    await seedDemoData({ userUrl: urls.user, inventoryUrl: urls.inventory, log: note, signal })
  })
  await changeState(paths, (state) => ({
    ...state,
    seededAt: { ...state.seededAt, [databaseAddress]: new Date().toISOString() },
  }))
}

function serviceUrls(ports: Record<ServiceName, number>): Record<ServiceName, string> {
  return {
    iam: serviceUrl(ports, 'iam'),
    user: serviceUrl(ports, 'user'),
    inventory: serviceUrl(ports, 'inventory'),
    order: serviceUrl(ports, 'order'),
  }
}
