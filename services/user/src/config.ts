import {
  apiKeyText,
  type CommonConfig,
  commonConfig,
  commonVariables,
  readVariables,
  redisUrl,
  serviceUrl,
} from '@bazaar/shared/config'
import { t } from 'elysia'

const seconds = (description: string) => t.String({ pattern: '^[1-9][0-9]{0,7}$', description })

const variables = t.Object({
  ...commonVariables,
  REDIS_URL: redisUrl,
  IAM_URL: serviceUrl,
  IAM_API_KEY: apiKeyText,
  SESSION_IDLE_SECONDS: t.Optional(
    seconds('how many seconds a session lives without being used; 1800 when not given'),
  ),
  SESSION_ABSOLUTE_SECONDS: t.Optional(
    seconds('how many seconds a session lives at the most; 43200 when not given'),
  ),
})

/** All that the user service can be told from outside. */
export type Config = CommonConfig & {
  redisUrl: string
  iam: { baseUrl: string; apiKey: string }
  sessions: SessionLife
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
    sessions: {
      idleSeconds: Number(given.SESSION_IDLE_SECONDS ?? 1_800),
      absoluteSeconds: Number(given.SESSION_ABSOLUTE_SECONDS ?? 43_200),
    },
  }
}
