import {
  apiKeyText,
  type CommonConfig,
  commonConfig,
  commonVariables,
  rabbitmqUrl,
  readVariables,
  redisUrl,
  secretText,
  wholeNumber,
} from '@bazaar/shared/process/config'
import { t } from 'elysia'

const variables = t.Object({
  ...commonVariables,
  REDIS_URL: redisUrl,
  RABBITMQ_URL: rabbitmqUrl,
  CURSOR_SECRET: secretText,
  RESERVATION_HOLD_SECONDS: t.Optional(
    wholeNumber('the seconds for which unconfirmed stock is held; the default is 900'),
  ),
  BOOTSTRAP_API_KEY: t.Optional(apiKeyText),
})

/** The configuration of the inventory service. */
export type Config = CommonConfig & {
  redisUrl: string
  rabbitmqUrl: string
  cursorSecret: string
  reservationHoldSeconds: number
  bootstrapApiKey: string | undefined
}

/**
 * Reads the configuration of the inventory service.
 * @throws {ConfigurationError} naming everything that is missing or malformed.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = readVariables(variables, environment)
  return {
    ...commonConfig(given),
    redisUrl: given.REDIS_URL,
    rabbitmqUrl: given.RABBITMQ_URL,
    cursorSecret: given.CURSOR_SECRET,
    reservationHoldSeconds: Number(given.RESERVATION_HOLD_SECONDS ?? 900),
    bootstrapApiKey: given.BOOTSTRAP_API_KEY,
  }
}
