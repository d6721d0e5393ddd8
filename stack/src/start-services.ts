import { SERVICES, type ServiceName } from './databases.ts'
import type { Fleet } from './fleet.ts'
import { issueKey, KEY_GRANTS, type KeyHolder, keysToIssue } from './issue-keys.ts'
import type { StackPaths } from './paths.ts'
import { portOwner } from './port-owner.ts'
import { isPortFree, portTaker } from './ports.ts'
import type { Progress } from './progress.ts'
import type { Runtime } from './runtime.ts'
import { saveSecrets } from './secrets.ts'
import { serviceSpec, serviceUrl, type Wiring } from './services.ts'
import { StackError } from './stack-error.ts'

/** Milliseconds that each service needed to be ready. */
export type ReadyTimes = Partial<Record<ServiceName, number>>

type Options = {
  wiring: Wiring
  runtime: Runtime
  fleet: Fleet
  paths: StackPaths
  progress: Progress
  /** What tells this database server from another one. */
  databaseAddress: string
  /** Services that somebody else runs. */
  except: readonly ServiceName[]
  signal: AbortSignal
}

/**
 * The ports of the services: the four after the base, or any free ones.
 * @throws {StackError} saying which port is taken, and by whom if that can be found out.
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
 * Starts the services, all at once except for the first time: then user and order wait until iam and inventory
 * have issued them a key.
 */
export async function startServices(options: Options): Promise<ReadyTimes> {
  const { wiring, progress, except } = options
  const missing = keysToIssue(wiring.secrets, options.databaseAddress, new Date())
  return await progress.step('Start the services', async (note) => {
    const readyTimes: ReadyTimes = {}
    const start = async (service: ServiceName) => {
      if (except.includes(service)) return
      const spec = serviceSpec(service, { wiring, runtime: options.runtime })
      readyTimes[service] = await options.fleet.run(spec).ready
      note(`ready: ${Object.keys(readyTimes).join(', ')}`)
    }
    const startWithKey = async (holder: KeyHolder) => {
      // Also one who is run by hand gets a key, unless nobody is here to issue it.
      const unattended = except.includes(holder) && except.includes(KEY_GRANTS[holder].issuer)
      if (missing.includes(holder) && !unattended) await obtainKey(holder, options)
      await start(holder)
    }
    await Promise.all([start('iam'), start('inventory'), startWithKey('user'), startWithKey('order')])
    return readyTimes
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
