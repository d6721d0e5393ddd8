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
  VERIFIED_EMAIL_FOR: t.Optional(
    t.Union([t.Literal('selling'), t.Literal('nothing')], {
      description: 'selling or nothing; the default is selling in production and nothing elsewhere',
    }),
  ),
  BOOTSTRAP_API_KEY: t.Optional(apiKeyText),
})

/** The configuration of the inventory service. */
export type Config = CommonConfig & {
  redisUrl: string
  rabbitmqUrl: string
  cursorSecret: string
  reservationHoldSeconds: number
  /** What wants a verified e-mail address of the person who does it. */
  verifiedEmailFor: 'selling' | 'nothing'
  bootstrapApiKey: string | undefined
}

/**
 * Reads the configuration of the inventory service.
 * @throws {ConfigurationError} naming everything that is missing or malformed.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = readVariables(variables, environment)
  const common = commonConfig(given)
  return {
    ...common,
    redisUrl: given.REDIS_URL,
    rabbitmqUrl: given.RABBITMQ_URL,
    cursorSecret: given.CURSOR_SECRET,
    reservationHoldSeconds: Number(given.RESERVATION_HOLD_SECONDS ?? 900),
    verifiedEmailFor:
      given.VERIFIED_EMAIL_FOR ?? (common.environment === 'production' ? 'selling' : 'nothing'),
    bootstrapApiKey: given.BOOTSTRAP_API_KEY,
  }
}
