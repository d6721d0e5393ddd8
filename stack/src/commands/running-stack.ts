import type { StackPaths } from '../paths.ts'
import { findSupervisor, type SupervisorRecord } from '../processes/supervisor-lock.ts'
import { SERVICES } from '../servers/databases.ts'
import { givenServers } from '../servers/external.ts'
import { type StoreAddresses, storeAddresses } from '../servers/store-addresses.ts'
import { loadSecrets } from '../services/secrets.ts'
import type { Wiring } from '../services/services.ts'
import { DEFAULT_SHOP_PORT, SHOP, shopUrl } from '../services/shop.ts'
import { givenOrigins } from '../services/web-origins.ts'
import { StackError } from '../stack-error.ts'
import { loadState } from '../state.ts'

/** The refusal of a command that needs a stack that is ready. */
export function stillStarting(name: string): StackError {
  return new StackError(
    `Cannot do this: the stack "${name}" is still starting. Try again once ./bazaar start says that it is ready.`,
  )
}

/**
 * The stack that another process runs now, with everything needed to reach its parts.
 * @throws {StackError} when it is not running, or has not yet decided where.
 */
export async function findRunningStack(
  paths: StackPaths,
): Promise<{ supervisor: SupervisorRecord; wiring: Wiring; stores: StoreAddresses }> {
  const supervisor = await findSupervisor(paths)
  if (!supervisor) {
    throw new StackError(
      `Cannot do this: the stack "${paths.name}" is not running. ./bazaar start runs it; then use another shell.`,
    )
  }
  if (Object.keys(supervisor.urls).length === 0) throw stillStarting(paths.name)
  const [secrets, { ports, stores: row }] = [await loadSecrets(paths), await loadState(paths)]
  const stores = storeAddresses({
    paths,
    secrets,
    ports: {
      mysql: ports['mysql'] ?? 0,
      redis: ports['redis'] ?? 0,
      rabbitmq: ports['rabbitmq'] ?? 0,
      rabbitmqNode: ports['rabbitmqNode'] ?? 0,
      epmd: ports['epmd'] ?? 0,
    },
    external: givenServers(),
    row: row === undefined ? undefined : { name: row },
  })
  const portOf = (service: string) => Number(new URL(supervisor.urls[service] ?? '').port)
  const [iam, user, inventory, order] = SERVICES.map(portOf)
  const servicePorts = { iam: iam ?? 0, user: user ?? 0, inventory: inventory ?? 0, order: order ?? 0 }
  const wiring = {
    ...stores,
    servicePorts,
    secrets,
    webOrigins: givenOrigins(),
    shopOrigin: supervisor.urls[SHOP] ?? shopUrl(DEFAULT_SHOP_PORT),
    lettersFolder: paths.letters,
    extra: {},
  }
  return { supervisor, stores, wiring }
}
