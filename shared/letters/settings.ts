import { t } from 'elysia'
import { ConfigurationError } from '../process/config.ts'

/** The variables about letters, of a service that writes some. */
export const letterVariables = {
  SMTP_URL: t.Optional(
    t.String({
      pattern: '^smtps?://.+',
      description: 'the server that letters are sent through, smtps://user:password@host:465',
    }),
  ),
  LETTERS_FOLDER: t.Optional(
    t.String({ minLength: 1, description: 'a folder for letters, where there is no such server' }),
  ),
  LETTERS_FROM: t.String({
    pattern: '^[^@\\s<>",;:]+@[^@\\s<>",;:]+$',
    maxLength: 254,
    description: 'the address that letters come from, such as shop@example.com',
  }),
  SHOP_ORIGIN: t.String({
    pattern: '^https?://[^/]+$',
    description: 'where people open the shop, such as https://shop.example',
  }),
}

/** How letters leave a service, and what they say of it. */
export type LettersConfig = {
  through: { smtpUrl: string } | { folder: string }
  from: string
  shopOrigin: string
}

/**
 * The configuration of letters.
 * @throws {ConfigurationError} when they would lead nowhere.
 */
export function lettersConfig(given: {
  SMTP_URL?: string
  LETTERS_FOLDER?: string
  LETTERS_FROM: string
  SHOP_ORIGIN: string
}): LettersConfig {
  const { SMTP_URL: smtpUrl, LETTERS_FOLDER: folder } = given
  const through = smtpUrl === undefined ? folder && { folder } : { smtpUrl }
  if (!through)
    throw new ConfigurationError(
      'Cannot start: SMTP_URL is missing: set it to the server that letters are sent through, or LETTERS_FOLDER to a folder for them',
    )
  return { through, from: given.LETTERS_FROM, shopOrigin: given.SHOP_ORIGIN }
}
