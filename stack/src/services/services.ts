import { join } from 'node:path'
import process from 'node:process'
import { repositoryFolder } from '../paths.ts'
import type { ServerSpec } from '../processes/guarded-process.ts'
import { type DatabaseServer, databaseUrl, SERVICES, type ServiceName } from '../servers/databases.ts'
import { type Runtime, runtimeCommand } from './runtime.ts'
import type { Secrets } from './secrets.ts'

const PROBE_TIMEOUT_MS = 2_000
/** The shop, which says in `X-Forwarded-For` for whom it asks, is on this machine. */
const BEHIND_SHOP = { TRUSTED_PROXIES: '127.0.0.1' }
const ISSUED_KEYS = { user: 'IAM_API_KEY', order: 'INVENTORY_API_KEY' } as const

/** Everything that the services are told about each other and about their stores. */
export type Wiring = {
  database: DatabaseServer
  redisUrls: Record<'user' | 'inventory' | 'order', string>
  rabbitmqUrls: Record<'user' | 'inventory' | 'order', string>
  servicePorts: Record<ServiceName, number>
  secrets: Secrets
  /** Web pages that may call the services, besides their own. */
  webOrigins: readonly string[]
  /** Where people open the shop. */
  shopOrigin: string
  /** Where letters to people land. */
  lettersFolder: string
  /** Extra variables for every service. */
  extra: Readonly<Record<string, string>>
}

/** The address of a service. */
export function serviceUrl(ports: Record<ServiceName, number>, service: ServiceName): string {
  return `http://127.0.0.1:${ports[service]}`
}

/**
 * The complete environment variables of a service: with them it runs by itself, in a shell or from a `.env` file. The
 * API keys of user and order are missing until iam and inventory have issued them.
 */
export function serviceEnvironment(service: ServiceName, wiring: Wiring): Record<string, string> {
  const { secrets, servicePorts } = wiring
  const common = {
    HOST: '127.0.0.1',
    PORT: String(servicePorts[service]),
    DATABASE_URL: databaseUrl(wiring.database, { account: service, service, secrets }),
    CORS_ORIGINS: [...ownOrigins(servicePorts), ...wiring.webOrigins].join(','),
    ENVIRONMENT: 'development',
  }
  return { ...common, ...ownVariables(service, wiring), ...wiring.extra }
}

function ownVariables(service: ServiceName, wiring: Wiring): Record<string, string> {
  const { secrets, servicePorts } = wiring
  switch (service) {
    case 'iam':
      return { PASSWORD_PEPPER: secrets.pepper, BOOTSTRAP_API_KEY: secrets.bootstrapKeys.iam }
    case 'user':
      return {
        ...BEHIND_SHOP,
        REDIS_URL: wiring.redisUrls.user,
        RABBITMQ_URL: wiring.rabbitmqUrls.user,
        IAM_URL: serviceUrl(servicePorts, 'iam'),
        ORDER_URL: serviceUrl(servicePorts, 'order'),
        INVENTORY_URL: serviceUrl(servicePorts, 'inventory'),
        LINK_SECRET: secrets.linkSecret,
        ...letterVariables(wiring),
        ...issuedKey('user', secrets),
      }
    case 'inventory':
      return {
        ...BEHIND_SHOP,
        REDIS_URL: wiring.redisUrls.inventory,
        RABBITMQ_URL: wiring.rabbitmqUrls.inventory,
        BOOTSTRAP_API_KEY: secrets.bootstrapKeys.inventory,
        CURSOR_SECRET: secrets.cursorSecrets['inventory'] ?? '',
      }
    case 'order':
      return {
        ...BEHIND_SHOP,
        REDIS_URL: wiring.redisUrls.order,
        RABBITMQ_URL: wiring.rabbitmqUrls.order,
        INVENTORY_URL: serviceUrl(servicePorts, 'inventory'),
        USER_URL: serviceUrl(servicePorts, 'user'),
        CURSOR_SECRET: secrets.cursorSecrets['order'] ?? '',
        ...issuedKey('order', secrets),
      }
  }
}

/** Letters go to a folder, unless the environment names a mail server. */
function letterVariables({ shopOrigin, lettersFolder }: Wiring): Record<string, string> {
  const smtpUrl = process.env['SMTP_URL']
  return {
    ...(smtpUrl ? { SMTP_URL: smtpUrl } : { LETTERS_FOLDER: lettersFolder }),
    LETTERS_FROM: 'bazaar@localhost',
    SHOP_ORIGIN: shopOrigin,
  }
}

function issuedKey(service: 'user' | 'order', secrets: Secrets): Record<string, string> {
  const issued = secrets.issuedKeys[service]
  return issued ? { [ISSUED_KEYS[service]]: issued.key } : {}
}

/** The origins of the Swagger pages: each may call all services, under both names of this machine. */
function ownOrigins(ports: Record<ServiceName, number>): string[] {
  return SERVICES.flatMap((service) => [serviceUrl(ports, service), `http://localhost:${ports[service]}`])
}

/** How to run a service, and to check that it is ready. */
export function serviceSpec(service: ServiceName, options: { wiring: Wiring; runtime: Runtime }): ServerSpec {
  const url = serviceUrl(options.wiring.servicePorts, service)
  const environment = serviceEnvironment(service, options.wiring)
  return {
    name: service,
    command: runtimeCommand(options.runtime, { service, environment }),
    folder: join(repositoryFolder, 'services', service),
    // Tuning such as LOG_LEVEL may come from outside; variables that the stack sets take precedence.
    environment: { ...process.env, ...environment },
    graceSeconds: 15,
    probe: () => isReady(url),
    readyWithinMs: 120_000,
  }
}

/** Whether the service reports that it and everything it needs works. */
export async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })
    const body: unknown = await answer.json()
    return answer.status === 200 && typeof body === 'object' && body !== null && !('degraded' in body)
  } catch {
    // Refused, cut or too slow: not ready, whatever the reason.
    return false
  }
}
