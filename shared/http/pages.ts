import { decodeCursor, encodeCursor } from '../database/cursor.ts'
import { Reply } from '../reply.ts'

/**
 * A list that is read page by page. A cursor works for this path and for filters of the same meaning.
 */
export type List = {
  path: string
  /** The filters in their canonical form, not as they were written; and the owner, if each owner has another list. */
  filters?: Record<string, unknown>
  query: { limit?: string; cursor?: string }
  /** The number of entries on a page, unless the query says another. */
  sizeUsual?: number
  cursorSecret: string
}

/** A place in a list: the values of an entry by which the list is sorted. */
export type Position = (string | number)[]

const SIZE_USUAL = 20

/** The number of entries to read for a page: one more than it shows, to tell whether there is a next page. */
export function mostOf({ query, sizeUsual = SIZE_USUAL }: Pick<List, 'query' | 'sizeUsual'>): number {
  return Number(query.limit ?? sizeUsual) + 1
}

/**
 * The position of the last entry on the page before; undefined on the first page.
 * @throws {DomainError} validation-failed for a cursor of another list.
 */
export function lastPositionOf(list: List): Position | undefined {
  const { cursor } = list.query
  return cursor === undefined ? undefined : decodeCursor(list.cursorSecret, nameOf(list), cursor)
}

/**
 * The id of the last entry on the page before, in a list that is sorted by id alone; undefined on the first page.
 * @throws {DomainError} validation-failed for a cursor of another list.
 */
export function lastIdOf(list: List): string | undefined {
  const position = lastPositionOf(list)
  return position && String(position[0])
}

/** A page, and the link to the next one (RFC 8288), made from one entry more than it shows. */
export function pageOf<Stored, Shown>(
  list: List,
  entries: readonly Stored[],
  shape: { position: (entry: Stored) => Position; show: (entry: Stored) => Shown },
): Reply<{ items: Shown[]; next: string | null }> {
  const shown = entries.slice(0, mostOf(list) - 1)
  const last = shown.at(-1)
  const items = shown.map(shape.show)
  if (entries.length <= shown.length || !last) return new Reply({ items, next: null })
  const next = encodeCursor(list.cursorSecret, nameOf(list), shape.position(last))
  const query = new URLSearchParams({ ...list.query, cursor: next })
  return new Reply({ items, next }, { headers: { link: `<${list.path}?${query}>; rel="next"` } })
}

/** The list and its filters as text: equal for the same meaning, whatever the order and spelling of the request. */
function nameOf({ path, filters = {} }: List): string {
  const known = Object.entries(filters).filter(([, value]) => value !== undefined)
  return JSON.stringify([path, known.sort(([one], [other]) => (one < other ? -1 : 1))])
}
