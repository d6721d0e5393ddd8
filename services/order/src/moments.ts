import { DomainError } from '@bazaar/shared/problem'

/**
 * The first moment, in whole milliseconds as times are stored, that is not before the one in a request. Otherwise two
 * moments within a millisecond would count as the earlier one.
 */
export function momentOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const [, fraction = ''] = /\.(\d+)Z$/.exec(text) ?? []
  const isBetween = /[1-9]/.test(fraction.slice(3))
  return new Date(new Date(text).getTime() + (isBetween ? 1 : 0))
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
