import { type Static, type TObject, TypeGuard } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { t } from 'elysia'
import { type HttpConfig, httpConfig, httpVariables, malformedProxies } from './http-config.ts'

/*
 * Configuration comes from environment variables and is read once, at the start. Either all of it is right, or the
 * service lists everything that is missing or wrong and does not start.
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
/** An API key, as issued by the service that accepts it. */
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
    t.String({ minLength: 1, description: 'the address to listen on; the default is 127.0.0.1' }),
  ),
  PORT: wholeNumber('the port to listen on'),
  STOP_DELAY_MS: t.Optional(
    wholeNumber(
      'the milliseconds to go on answering, reported as not ready, after SIGTERM; the default is 0',
    ),
  ),
  LOG_LEVEL: t.Optional(
    t.Union(['debug', 'info', 'warn', 'error', 'silent'].map((level) => t.Literal(level))),
  ),
  ...httpVariables,
  DATABASE_URL: databaseUrl,
  DATABASE_POOL_MAX: t.Optional(wholeNumber('the maximum number of database connections; the default is 10')),
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

/** The missing or malformed variables, each with the value it should have. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}

/**
 * Reads the variables that `schema` names from the environment. An empty variable counts as missing.
 * @throws {ConfigurationError} naming every missing or malformed variable at once, never showing a value.
 */
export function readVariables<S extends TObject>(
  schema: S,
  environment: Record<string, string | undefined>,
): Static<S> {
  const given: Record<string, string> = {}
  for (const name of Object.keys(schema.properties)) {
    const value = environment[name]
    if (value !== undefined && value !== '') given[name] = value
  }
  const wrong = Object.entries(schema.properties).flatMap(([name, variable]) => {
    if (given[name] === undefined)
      return TypeGuard.IsOptional(variable) ? [] : [`${name} is missing: set it to ${wanted(variable)}`]
    return Value.Check(variable, given[name]) ? [] : [`${name} is malformed: set it to ${wanted(variable)}`]
  })
  if (malformedProxies(given)) wrong.push('TRUSTED_PROXIES is malformed: set it to IP addresses and networks')
  if (given['ENVIRONMENT'] === 'production') wrong.push(...examplesIn(given))
  if (wrong.length > 0) {
    throw new ConfigurationError(
      `Cannot start: the configuration is incomplete:\n  ${wrong.join('\n  ')}\nSee .env.example beside the service's package.json.`,
    )
  }
  return given as Static<S>
}

/** Values from the examples and the development stacks, which must not protect a real shop. */
const EXAMPLE =
  /change-?me|changeit|example|development|:(password|secret|root|guest|admin|bazaar|test)@|(.)\2{15}|^bzk_(dev|test)_/i

/** Production variables whose value is publicly known. */
function examplesIn(given: Record<string, string>): string[] {
  return Object.entries(given).flatMap(([name, value]) =>
    /URL|SECRET|KEY|PEPPER|TOKEN/.test(name) && EXAMPLE.test(value)
      ? [`${name} is a publicly known example: set it to a value of your own`]
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
