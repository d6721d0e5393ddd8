import { holdsCardNumber } from '@bazaar/shared/api/text/card-number'
import { cardNumberAsName } from '../errors.ts'

/**
 * Refuses the number of a card in the name of a property. Values, like other texts, are looked through by their
 * schema, which says nothing of names.
 * @throws {DomainError} validation-failed.
 */
export function refuseCardNumberAsName(properties: Record<string, string>): void {
  if (Object.keys(properties).some(holdsCardNumber)) throw cardNumberAsName()
}
