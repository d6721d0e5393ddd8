import type { StackPaths } from '../paths.ts'
import type { Fleet } from '../processes/fleet.ts'
import { portOwner } from '../processes/port-owner.ts'
import { isAnswered, isPortFree, portTaker } from '../processes/ports.ts'
import type { Progress } from '../progress.ts'
import { SERVICES, type ServiceName } from '../servers/databases.ts'
import { StackError } from '../stack-error.ts'
import { isKeyRefused, issueKey, KEY_GRANTS, type KeyHolder, keysToIssue } from './issue-keys.ts'
import type { Runtime } from './runtime.ts'
import { type Secrets, saveSecrets } from './secrets.ts'
import { serviceSpec, serviceUrl, type Wiring } from './services.ts'

/** The milliseconds that each service needed to be ready. */
export type ReadyTimes = Partial<Record<ServiceName, number>>

type Options = {
  wiring: Wiring
  runtime: Runtime
  fleet: Fleet
  paths: StackPaths
  progress: Progress
  /** Distinguishes this database server from another one. */
  databaseAddress: string
  /** Services that somebody else runs. */
  except: readonly ServiceName[]
  signal: AbortSignal
}

/**
 * The ports of the services: the four after the base, or any free ones.
 * @throws {StackError} naming the port that is taken, and its owner if that can be found out.
 */
export async function chooseServicePorts(
  base: number | undefined,
  except: readonly ServiceName[],
): Promise<Record<ServiceName, number>> {
  if (base === undefined) {
    const take = portTaker()
    return { iam: await take(), user: await take(), inventory: await take(), order: await take() }
  }
  const ports = { iam: base + 1, user: base + 2, inventory: base + 3, order: base + 4 }
  const needed = SERVICES.filter((service) => !except.includes(service))
  const taken = await Promise.all(
    needed.map(async (service) => {
      if (await isPortFree(ports[service])) return []
      const owner = await portOwner(ports[service])
      return [`${ports[service]}, which ${service} needs${owner ? `, by ${owner}` : ''}`]
    }),
  )
  if (taken.flat().length === 0) return ports
  throw new StackError(
    `Cannot start the services: these ports are taken:\n  ${taken.flat().join('\n  ')}\nStop what uses them, or choose other ports: BAZAAR_PORT_BASE=5000 means 5001 to 5004.`,
  )
}

/**
 * The callers for whom a key must still be issued, which only a running service can do. A service that is run by hand
 * also gets a key, unless its issuer is not run here.
 * @throws {StackError} naming the issuer that is left out, and what to do.
 */
export async function ensureIssuers(
  secrets: Secrets,
  options: Pick<Options, 'except' | 'databaseAddress'> & { servicePorts: Record<ServiceName, number> },
): Promise<KeyHolder[]> {
  const { except, servicePorts } = options
  const missing = keysToIssue(secrets, options.databaseAddress, new Date()).filter(
    (holder) => !(except.includes(holder) && except.includes(KEY_GRANTS[holder].issuer)),
  )
  for (const holder of missing) {
    const { issuer } = KEY_GRANTS[holder]
    if (!except.includes(issuer) || (await isAnswered(servicePorts[issuer]))) continue
    throw new StackError(
      `Cannot leave out ${issuer} yet: it must first issue an API key for ${holder}.\nRun ./bazaar start once without --except and stop it, or leave out both: ./bazaar start --except ${issuer} --except ${holder}`,
    )
  }
  return missing
}

/**
 * Starts the services. User and order wait until iam and inventory have issued them a key, or have accepted the one
 * they have.
 * @throws {StackError} when a key is missing and its issuer is left out.
 */
export async function startServices(options: Options): Promise<ReadyTimes> {
  const { wiring, progress, except, databaseAddress } = options
  const { secrets, servicePorts } = wiring
  const missing = await ensureIssuers(secrets, { except, servicePorts, databaseAddress })
  return await progress.step('Start the services', async (note) => {
    const readyTimes: ReadyTimes = {}
    const start = async (service: ServiceName) => {
      if (except.includes(service)) return
      const spec = serviceSpec(service, { wiring, runtime: options.runtime })
      readyTimes[service] = await options.fleet.run(spec).ready
      note(`ready: ${Object.keys(readyTimes).join(', ')}`)
    }
    const startWithKey = async (holder: KeyHolder) => {
      if (missing.includes(holder) || (await isRefused(holder, options))) await obtainKey(holder, options)
      await start(holder)
    }
    await Promise.all([start('iam'), start('inventory'), startWithKey('user'), startWithKey('order')])
    return readyTimes
  })
}

/** Whether the caller's key no longer works. If somebody else runs the issuer, this is unknown. */
async function isRefused(holder: KeyHolder, { wiring, except, signal }: Options): Promise<boolean> {
  const { issuer } = KEY_GRANTS[holder]
  const issued = wiring.secrets.issuedKeys[holder]
  if (!issued || except.includes(issuer)) return false
  return await isKeyRefused(holder, {
    issuerUrl: serviceUrl(wiring.servicePorts, issuer),
    key: issued.key,
    signal,
  })
}

async function obtainKey(holder: KeyHolder, options: Options): Promise<void> {
  const { wiring, paths, databaseAddress } = options
  const { secrets, servicePorts } = wiring
  const { issuer } = KEY_GRANTS[holder]
  secrets.issuedKeys[holder] = await issueKey(holder, {
    issuerUrl: serviceUrl(servicePorts, issuer),
    bootstrapKey: secrets.bootstrapKeys[issuer],
    databaseAddress,
    now: new Date(),
    signal: options.signal,
  })
  await saveSecrets(paths, secrets)
}
