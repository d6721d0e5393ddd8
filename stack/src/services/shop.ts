import { join } from 'node:path'
import process from 'node:process'
import { repositoryFolder } from '../paths.ts'
import type { ServerSpec } from '../processes/guarded-process.ts'
import { portOwner } from '../processes/port-owner.ts'
import { isPortFree, portTaker } from '../processes/ports.ts'
import { StackError } from '../stack-error.ts'
import { type Runtime, runtimeCommand } from './runtime.ts'
import { isReady, serviceUrl, type Wiring } from './services.ts'

/** The web shop: a program beside the services, which asks them as anybody may. */
export const SHOP = 'shop'

/** The port of the shop, when nobody chooses one. */
export const DEFAULT_SHOP_PORT = 4_000

/** Where people open the shop. Not by its number: browsers keep cookies by name. */
export function shopUrl(port: number): string {
  return `http://localhost:${port}`
}

/**
 * The port of the shop: the one before those of the services, or any free one.
 * @throws {StackError} saying by whom it is taken, if that can be found out.
 */
export async function chooseShopPort(port: number | undefined): Promise<number> {
  if (port === undefined) return await portTaker()()
  if (await isPortFree(port)) return port
  const owner = await portOwner(port)
  throw new StackError(
    `Cannot start the shop: port ${port} is taken${owner ? ` by ${owner}` : ''}.\nStop what uses it, choose other ports (BAZAAR_PORT_BASE=5000 means 5000 to 5004), or leave the shop out: ./bazaar start --except shop`,
  )
}

/** The environment variables of the shop, complete. */
export function shopEnvironment(port: number, wiring: Wiring): Record<string, string> {
  const { servicePorts, secrets } = wiring
  return {
    HOST: '127.0.0.1',
    PORT: String(port),
    ENVIRONMENT: 'development',
    USER_URL: serviceUrl(servicePorts, 'user'),
    INVENTORY_URL: serviceUrl(servicePorts, 'inventory'),
    ORDER_URL: serviceUrl(servicePorts, 'order'),
    ORIGINS: `${shopUrl(port)},http://127.0.0.1:${port}`,
    COOKIE_SECRET: secrets.cookieSecret,
    ...wiring.extra,
  }
}

/** How the shop is run, and known to be ready. */
export function shopSpec(port: number, options: { wiring: Wiring; runtime: Runtime }): ServerSpec {
  const environment = shopEnvironment(port, options.wiring)
  return {
    name: SHOP,
    command: runtimeCommand(options.runtime, { service: SHOP, environment }),
    folder: join(repositoryFolder, SHOP),
    environment: { ...process.env, ...environment },
    graceSeconds: 15,
    probe: () => isReady(`http://127.0.0.1:${port}`),
    readyWithinMs: 120_000,
  }
}
