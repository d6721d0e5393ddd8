import { type LettersConfig, lettersConfig, letterVariables } from '@bazaar/shared/letters/settings'
import {
  apiKeyText,
  type CommonConfig,
  commonConfig,
  commonVariables,
  rabbitmqUrl,
  readVariables,
  redisUrl,
  secretText,
  serviceUrl,
} from '@bazaar/shared/process/config'
import { t } from 'elysia'

const seconds = (description: string) => t.String({ pattern: '^[1-9][0-9]{0,7}$', description })

const failures = (description: string) => t.Optional(t.String({ pattern: '^[1-9][0-9]{0,8}$', description }))

const variables = t.Object({
  ...commonVariables,
  ...letterVariables,
  REDIS_URL: redisUrl,
  RABBITMQ_URL: rabbitmqUrl,
  IAM_URL: serviceUrl,
  IAM_API_KEY: apiKeyText,
  LINK_SECRET: secretText,
  ORDER_URL: serviceUrl,
  INVENTORY_URL: serviceUrl,
  SESSION_IDLE_SECONDS: t.Optional(seconds('the seconds that an unused session lives; the default is 1800')),
  SESSION_ABSOLUTE_SECONDS: t.Optional(
    seconds('the seconds that a session lives at most; the default is 43200'),
  ),
  ATTEMPTS_PER_LOGIN_AND_ADDRESS: failures(
    'the wrong passwords for a login from one address before it has to wait; the default is 5',
  ),
  ATTEMPTS_PER_LOGIN: failures(
    'the wrong passwords for a login from new addresses before they have to wait; the default is 20',
  ),
  ATTEMPTS_PER_ADDRESS: failures(
    'the wrong passwords from an address before it has to wait; the default is 100',
  ),
})

/** The configuration of the user service. */
export type Config = CommonConfig & {
  redisUrl: string
  rabbitmqUrl: string
  iam: { baseUrl: string; apiKey: string }
  orderUrl: string
  inventoryUrl: string
  linkSecret: string
  letters: LettersConfig
  sessions: SessionLife
  attempts: AttemptLimits
}

/** The number of password attempts that are free before the next ones have to wait. */
export type AttemptLimits = {
  ofLoginFromAddress: number
  ofLogin: number
  ofAddress: number
  /** The first wait; each further one is twice as long. */
  firstWaitMs: number
}

/** The lifetime of sessions: unused, and at most. */
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
    rabbitmqUrl: given.RABBITMQ_URL,
    iam: { baseUrl: given.IAM_URL, apiKey: given.IAM_API_KEY },
    orderUrl: given.ORDER_URL,
    inventoryUrl: given.INVENTORY_URL,
    linkSecret: given.LINK_SECRET,
    letters: lettersConfig(given),
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
