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

const variables = t.Object({
  ...commonVariables,
  REDIS_URL: redisUrl,
  RABBITMQ_URL: rabbitmqUrl,
  INVENTORY_URL: serviceUrl,
  INVENTORY_API_KEY: apiKeyText,
  USER_URL: serviceUrl,
  CURSOR_SECRET: secretText,
  UNPAID_ORDERS_MAX: t.Optional(
    t.String({
      pattern: '^[1-9][0-9]{0,8}$',
      description: 'the unpaid orders that one buyer may have open; the default is 50',
    }),
  ),
})

/** The configuration of the order service. */
export type Config = CommonConfig & {
  redisUrl: string
  rabbitmqUrl: string
  inventory: { url: string; apiKey: string }
  userUrl: string
  cursorSecret: string
  unpaidOrdersMax: number
}

/**
 * Reads the configuration of the order service.
 * @throws {ConfigurationError} naming everything that is missing or malformed.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = readVariables(variables, environment)
  return {
    ...commonConfig(given),
    redisUrl: given.REDIS_URL,
    rabbitmqUrl: given.RABBITMQ_URL,
    inventory: { url: given.INVENTORY_URL, apiKey: given.INVENTORY_API_KEY },
    userUrl: given.USER_URL,
    cursorSecret: given.CURSOR_SECRET,
    unpaidOrdersMax: Number(given.UNPAID_ORDERS_MAX ?? 50),
  }
}
