import { decodeCursor, encodeCursor } from '@bazaar/shared/database/cursor'
import { Reply } from '@bazaar/shared/reply'

/** The default number of entries on a page. */
export const PAGE_SIZE = 20

/**
 * A list that is read page by page. A cursor works for this list of this person, with filters of the same meaning.
 */
export type List = {
  path: string
  /** The owner of the list. */
  ownerId: string
  /** The filters in their canonical form, not as they were written. */
  filters?: Record<string, string | Date | undefined>
  query: { limit?: string; cursor?: string }
  /** The number of entries on a page. */
  sizeUsual: number
  cursorSecret: string
}

/** The number of entries to read for a page: one more than it shows, to tell whether there is a next page. */
export function mostOf({ query, sizeUsual }: Pick<List, 'query' | 'sizeUsual'>): number {
  return Number(query.limit ?? sizeUsual) + 1
}

/**
 * The id of the last entry on the page before; undefined on the first page.
 * @throws {DomainError} validation-failed for a cursor of another list.
 */
export function lastIdOf(list: List): string | undefined {
  const { cursor } = list.query
  return cursor === undefined ? undefined : String(decodeCursor(list.cursorSecret, nameOf(list), cursor)[0])
}

/** A page, and the link to the next one (RFC 8288). */
export function pageOf<Stored, Shown>(
  list: List,
  entries: readonly Stored[],
  shape: { id: (entry: Stored) => string; show: (entry: Stored) => Shown },
): Reply<{ items: Shown[]; next: string | null }> {
  const shown = entries.slice(0, mostOf(list) - 1)
  const last = shown.at(-1)
  const items = shown.map(shape.show)
  if (entries.length <= shown.length || !last) return new Reply({ items, next: null })
  const next = encodeCursor(list.cursorSecret, nameOf(list), [shape.id(last)])
  const query = new URLSearchParams({ ...list.query, cursor: next })
  return new Reply({ items, next }, { headers: { link: `<${list.path}?${query}>; rel="next"` } })
}

/** The list and its filters as text: equal for the same meaning, whatever the order and spelling of the request. */
function nameOf({ path, ownerId, filters = {} }: List): string {
  const known = Object.entries(filters).filter(([, value]) => value !== undefined)
  return JSON.stringify([path, ownerId, known.sort(([one], [other]) => (one < other ? -1 : 1))])
}
