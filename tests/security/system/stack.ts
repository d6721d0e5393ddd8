import process from 'node:process'
import { urls } from '../../journeys/world.ts'

/** The four services, in the order in which they are spoken of. */
export const SERVICES = ['iam', 'user', 'inventory', 'order'] as const
/** One of the four services. */
export type ServiceName = (typeof SERVICES)[number]

/** Where a service of the stack under test is. */
export function urlOf(service: ServiceName): string {
  return urls[service]
}

/** The variables with which each service of the stack under test runs. */
export const environments: Record<ServiceName, Record<string, string>> = JSON.parse(
  given('BAZAAR_ENVIRONMENTS'),
)

/** A variable of a service. */
export function settingOf(service: ServiceName, variable: string): string {
  const setting = environments[service][variable]
  if (setting === undefined) throw new Error(`The stack does not tell ${service} its ${variable}`)
  return setting
}

/** The folder with one file for each process, of what it wrote. */
export const logsFolder = given('BAZAAR_LOGS')

/** The folder in which the private stores keep what they hold. */
export const storesFolder = given('BAZAAR_STORES_FOLDER')

/** The stores as an administrator sees them. */
export const adminUrls = {
  mysql: given('TEST_MYSQL_URL'),
  redis: given('TEST_REDIS_URL'),
  /** Where the services' messages are, not where other tests play. */
  rabbitmq: withPathOf(given('TEST_RABBITMQ_URL'), settingOf('inventory', 'RABBITMQ_URL')),
}

function given(variable: string): string {
  const value = process.env[variable]
  if (!value)
    throw new Error(
      `Set ${variable}: these tests attack a running stack. "./bazaar test security" does that.`,
    )
  return value
}

function withPathOf(url: string, other: string): string {
  const changed = new URL(url)
  changed.pathname = new URL(other).pathname
  return changed.href
}
