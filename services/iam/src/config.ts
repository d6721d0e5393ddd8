import {
  apiKeyText,
  type CommonConfig,
  commonConfig,
  commonVariables,
  readVariables,
  secretText,
} from '@bazaar/shared/process/config'
import { t } from 'elysia'

const variables = t.Object({
  ...commonVariables,
  PASSWORD_PEPPER: secretText,
  PASSWORD_PEPPER_PREVIOUS: t.Optional(secretText),
  BCRYPT_COST: t.Optional(
    t.String({ pattern: '^1[0-5]$', description: 'a bcrypt cost from 10 to 15; the default is 12' }),
  ),
  BOOTSTRAP_API_KEY: t.Optional(apiKeyText),
})

/** The configuration of the identity service. */
export type Config = CommonConfig & {
  pepper: string
  previousPepper: string | undefined
  bcryptCost: number
  bootstrapApiKey: string | undefined
}

/**
 * Reads the configuration of the identity service.
 * @throws {ConfigurationError} naming everything that is missing or malformed.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = readVariables(variables, environment)
  return {
    ...commonConfig(given),
    pepper: given.PASSWORD_PEPPER,
    previousPepper: given.PASSWORD_PEPPER_PREVIOUS,
    bcryptCost: Number(given.BCRYPT_COST ?? 12),
    bootstrapApiKey: given.BOOTSTRAP_API_KEY,
  }
}
