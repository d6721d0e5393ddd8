import { DomainError } from '@bazaar/shared/problem'

/** What the databases have a date for: an offset can lead out of it. */
const FIRST = new Date('0001-01-01T00:00:00.000Z').getTime()
const LAST = new Date('9999-12-31T23:59:59.999Z').getTime()

/**
 * The first moment, in whole milliseconds as times are stored, that is not before the one in a request. Otherwise two
 * moments within a millisecond would count as the earlier one.
 */
export function momentOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const written = text.toUpperCase()
  const [, fraction = ''] = /\.(\d+)/.exec(written) ?? []
  const isBetween = /[1-9]/.test(fraction.slice(3))
  const moment = new Date(written).getTime() + (isBetween ? 1 : 0)
  return new Date(Math.min(Math.max(moment, FIRST), LAST))
}

/**
 * Refuses a range that ends before it begins, because its empty list would explain nothing.
 * @throws {DomainError} validation-failed.
 */
export function refuseInverted(range: {
  placedFrom?: Date | undefined
  placedBefore?: Date | undefined
}): void {
  const { placedFrom, placedBefore } = range
  if (!placedFrom || !placedBefore || placedFrom.getTime() <= placedBefore.getTime()) return
  throw new DomainError(
    'validation-failed',
    'The range ends before it begins: placedFrom is later than placedBefore',
    {
      errors: [{ pointer: '/query/placedFrom', code: 'maximum' }],
    },
  )
}
