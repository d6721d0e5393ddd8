import {
  apiKeyText,
  type CommonConfig,
  commonConfig,
  commonVariables,
  readVariables,
  redisUrl,
  serviceUrl,
} from '@bazaar/shared/process/config'
import { t } from 'elysia'

const seconds = (description: string) => t.String({ pattern: '^[1-9][0-9]{0,7}$', description })

const failures = (description: string) => t.Optional(t.String({ pattern: '^[1-9][0-9]{0,8}$', description }))

const variables = t.Object({
  ...commonVariables,
  REDIS_URL: redisUrl,
  IAM_URL: serviceUrl,
  IAM_API_KEY: apiKeyText,
  ORDER_URL: serviceUrl,
  INVENTORY_URL: serviceUrl,
  SESSION_IDLE_SECONDS: t.Optional(
    seconds('how many seconds a session lives without being used; 1800 when not given'),
  ),
  SESSION_ABSOLUTE_SECONDS: t.Optional(
    seconds('how many seconds a session lives at the most; 43200 when not given'),
  ),
  ATTEMPTS_PER_LOGIN_AND_ADDRESS: failures(
    'wrong passwords for a login from one address before it has to wait; 5',
  ),
  ATTEMPTS_PER_LOGIN: failures(
    'wrong passwords for a login from new addresses before those have to wait; 20',
  ),
  ATTEMPTS_PER_ADDRESS: failures('wrong passwords from an address before it has to wait; 100'),
})

/** All that the user service can be told from outside. */
export type Config = CommonConfig & {
  redisUrl: string
  iam: { baseUrl: string; apiKey: string }
  orderUrl: string
  inventoryUrl: string
  sessions: SessionLife
  attempts: AttemptLimits
}

/** How many attempts to prove a password are free before the next ones have to wait. */
export type AttemptLimits = {
  ofLoginFromAddress: number
  ofLogin: number
  ofAddress: number
  /** The first wait; each further one is twice as long. */
  firstWaitMs: number
}

/** How long sessions live: not used, and at the most. */
export type SessionLife = { idleSeconds: number; absoluteSeconds: number }

/**
 * Reads the configuration of the user service.
 * @throws {ConfigurationError} naming everything that is missing or malformed.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = readVariables(variables, environment)
  return {
    ...commonConfig(given),
    redisUrl: given.REDIS_URL,
    iam: { baseUrl: given.IAM_URL, apiKey: given.IAM_API_KEY },
    orderUrl: given.ORDER_URL,
    inventoryUrl: given.INVENTORY_URL,
    sessions: {
      idleSeconds: Number(given.SESSION_IDLE_SECONDS ?? 1_800),
      absoluteSeconds: Number(given.SESSION_ABSOLUTE_SECONDS ?? 43_200),
    },
    attempts: {
      ofLoginFromAddress: Number(given.ATTEMPTS_PER_LOGIN_AND_ADDRESS ?? 5),
      ofLogin: Number(given.ATTEMPTS_PER_LOGIN ?? 20),
      ofAddress: Number(given.ATTEMPTS_PER_ADDRESS ?? 100),
      firstWaitMs: 1_000,
    },
  }
}
