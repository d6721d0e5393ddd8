import { getSchemaValidator, t } from 'elysia'
import type { ObjectSchema, Schema, Static } from '../api/operation.ts'
import { type HttpConfig, httpConfig, httpVariables, malformedProxies } from './http-config.ts'

/*
 * Configuration comes from environment variables and is read once, at the start: either all of it is right, or
 * the service says everything that is missing or wrong and does not start.
 */

/** A whole number in an environment variable, kept as text until `Number()` reads it. */
export const wholeNumber = (description: string) => t.String({ pattern: '^[0-9]{1,9}$', description })

const url = (scheme: string, description: string) => t.String({ pattern: `^${scheme}://.+`, description })

/** A URL of MySQL or MariaDB with user, password and database. */
export const databaseUrl = t.String({
  pattern: '^mysql://[^/]+/[^/]+$',
  description: 'mysql://user:password@host:port/database',
})
/** A URL of Redis. */
export const redisUrl = url('rediss?', 'redis://user:password@host:port')
/** A URL of RabbitMQ. */
export const rabbitmqUrl = url('amqps?', 'amqp://user:password@host:port/vhost')
/** The base URL of another service. */
export const serviceUrl = t.String({ pattern: '^https?://[^/]+$', description: 'http://host:port' })
/** An API key as the service that accepts it issued it. */
export const apiKeyText = t.String({
  pattern: '^bzk_[a-z]+_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$',
  description: 'bzk_<environment>_<public id>_<secret>',
})
/** A secret of at least 32 characters. */
export const secretText = t.String({
  minLength: 32,
  description: 'a random secret of at least 32 characters',
})

/** The variables that every service knows. */
export const commonVariables = {
  ENVIRONMENT: t.Optional(t.Union([t.Literal('development'), t.Literal('test'), t.Literal('production')])),
  HOST: t.Optional(
    t.String({ minLength: 1, description: 'the address to listen on; 127.0.0.1 when not given' }),
  ),
  PORT: wholeNumber('the port to listen on'),
  STOP_DELAY_MS: t.Optional(
    wholeNumber('how long it still answers, while it says it is not ready, after SIGTERM; 0 when not given'),
  ),
  LOG_LEVEL: t.Optional(
    t.Union(['debug', 'info', 'warn', 'error', 'silent'].map((level) => t.Literal(level))),
  ),
  ...httpVariables,
  DATABASE_URL: databaseUrl,
  DATABASE_POOL_MAX: t.Optional(wholeNumber('the most connections to the database; 10 when not given')),
}

/** What every service's configuration holds. */
export type CommonConfig = {
  environment: 'development' | 'test' | 'production'
  host: string
  port: number
  logLevel: string
  stopDelayMs: number
  http: HttpConfig
  database: { url: string; poolMax: number }
}

/** The list of variables that are missing or malformed, each with what is wanted. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}

/**
 * Reads the variables that `schema` names from the environment. Empty counts as missing.
 * @throws {ConfigurationError} naming every missing or malformed variable at once, never showing its value.
 */
export function readVariables<
  S extends ObjectSchema & { properties: Record<string, Schema & { description?: string }> },
>(schema: S, environment: Record<string, string | undefined>): Static<S> {
  const given: Record<string, string> = {}
  for (const name of Object.keys(schema.properties)) {
    const value = environment[name]
    if (value !== undefined && value !== '') given[name] = value
  }
  const wrong = Object.entries(schema.properties).flatMap(([name, variable]) => {
    const optional = Object.getOwnPropertySymbols(variable).some(
      (symbol) => symbol.description === 'TypeBox.Optional',
    )
    if (given[name] === undefined)
      return optional ? [] : [`${name} is missing: set it to ${wanted(variable)}`]
    return getSchemaValidator(variable as never, {}).Check(given[name])
      ? []
      : [`${name} is malformed: set it to ${wanted(variable)}`]
  })
  if (malformedProxies(given)) wrong.push('TRUSTED_PROXIES is malformed: set it to addresses and networks')
  if (given['ENVIRONMENT'] === 'production') wrong.push(...examplesIn(given))
  if (wrong.length > 0) {
    throw new ConfigurationError(
      `Cannot start, the configuration is not complete:\n  ${wrong.join('\n  ')}\nSee .env.example beside the service's package.json.`,
    )
  }
  return given as Static<S>
}

/** What stands in the examples and in the stacks for development, and must not stand between a shop and the world. */
const EXAMPLE =
  /change-?me|changeit|example|development|:(password|secret|root|guest|admin|bazaar|test)@|(.)\2{15}|^bzk_(dev|test)_/i

/** Variables of which, in production, the value is one of those that everybody knows. */
function examplesIn(given: Record<string, string>): string[] {
  return Object.entries(given).flatMap(([name, value]) =>
    /URL|SECRET|KEY|PEPPER|TOKEN/.test(name) && EXAMPLE.test(value)
      ? [`${name} is an example that everybody knows: set it to a value of your own`]
      : [],
  )
}

function wanted(variable: { description?: string; anyOf?: { const?: string }[] }): string {
  return variable.description ?? `one of ${variable.anyOf?.map((one) => one.const).join(', ')}`
}

/** The part of the configuration that is the same in every service. */
export function commonConfig(
  variables: {
    ENVIRONMENT?: CommonConfig['environment']
    HOST?: string
    PORT: string
    LOG_LEVEL?: string
    STOP_DELAY_MS?: string
    DATABASE_URL: string
    DATABASE_POOL_MAX?: string
  } & Parameters<typeof httpConfig>[0],
): CommonConfig {
  const environment = variables.ENVIRONMENT ?? 'development'
  return {
    environment,
    host: variables.HOST ?? '127.0.0.1',
    port: Number(variables.PORT),
    logLevel: variables.LOG_LEVEL ?? 'info',
    stopDelayMs: Number(variables.STOP_DELAY_MS ?? 0),
    http: httpConfig(variables, environment),
    database: { url: variables.DATABASE_URL, poolMax: Number(variables.DATABASE_POOL_MAX ?? 10) },
  }
}
