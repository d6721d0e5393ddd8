import process from 'node:process'
import { StackError } from '../stack-error.ts'

/**
 * The web pages that may call the services besides their own: the origins in `CORS_ORIGINS`, separated by commas.
 * @throws {StackError} when one of them is not an origin, such as a URL with a path.
 */
export function givenOrigins(text = process.env['CORS_ORIGINS'] ?? ''): string[] {
  const origins = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  const odd = origins.find((one) => !URL.canParse(one) || new URL(one).origin !== one)
  if (odd === undefined) return origins
  throw new StackError(
    `Cannot use "${odd}" of CORS_ORIGINS: write origins as browsers do, such as http://localhost:5173, with commas between them.`,
  )
}
