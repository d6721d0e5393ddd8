import {
  commonVariables,
  readVariables,
  secretText,
  serviceUrl,
  wholeNumber,
} from '@bazaar/shared/process/config'
import { t } from 'elysia'

const { ENVIRONMENT, HOST, PORT, STOP_DELAY_MS, LOG_LEVEL, TRUSTED_PROXIES, METRICS_TOKEN, HSTS_SECONDS } =
  commonVariables

const variables = t.Object({
  ENVIRONMENT,
  HOST,
  PORT,
  STOP_DELAY_MS,
  LOG_LEVEL,
  TRUSTED_PROXIES,
  METRICS_TOKEN,
  HSTS_SECONDS,
  USER_URL: serviceUrl,
  INVENTORY_URL: serviceUrl,
  ORDER_URL: serviceUrl,
  ORIGINS: t.String({
    pattern: '^https?://[A-Za-z0-9.:\\[\\]-]+( *, *https?://[A-Za-z0-9.:\\[\\]-]+)*$',
    description: 'where browsers find the shop, such as https://shop.example, separated by commas',
  }),
  COOKIE_SECRET: secretText,
  OPERATOR_KEY: t.Optional(secretText),
  SERVICE_TIMEOUT_MS: t.Optional(
    wholeNumber('how long the shop waits for one answer of a service; 8000 when not given'),
  ),
})

/** All that the shop can be told from outside. */
export type Config = {
  environment: 'development' | 'test' | 'production'
  host: string
  port: number
  logLevel: string
  stopDelayMs: number
  trustedProxies: readonly string[]
  metricsToken: string | null | undefined
  hstsSeconds: number
  baseUrls: { user: string; inventory: string; order: string }
  /** Where browsers find the shop: only pages from there may send it forms. */
  origins: readonly string[]
  /** Signs the basket and the tokens of forms. */
  cookieSecret: string
  /** Opens the operator's page where it is not open to anybody. */
  operatorKey: string | undefined
  serviceTimeoutMs: number
}

/**
 * Reads the configuration of the shop.
 * @throws {ConfigurationError} naming everything that is missing or malformed.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = readVariables(variables, environment)
  const mode = given.ENVIRONMENT ?? 'development'
  return {
    environment: mode,
    host: given.HOST ?? '127.0.0.1',
    port: Number(given.PORT),
    logLevel: given.LOG_LEVEL ?? 'info',
    stopDelayMs: Number(given.STOP_DELAY_MS ?? 0),
    trustedProxies: listed(given.TRUSTED_PROXIES),
    metricsToken: given.METRICS_TOKEN ?? (mode === 'production' ? null : undefined),
    hstsSeconds: Number(given.HSTS_SECONDS ?? 0),
    baseUrls: { user: given.USER_URL, inventory: given.INVENTORY_URL, order: given.ORDER_URL },
    origins: listed(given.ORIGINS),
    cookieSecret: given.COOKIE_SECRET,
    operatorKey: given.OPERATOR_KEY,
    serviceTimeoutMs: Number(given.SERVICE_TIMEOUT_MS ?? 8_000),
  }
}

function listed(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
}
