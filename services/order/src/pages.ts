import { decodeCursor, encodeCursor } from '@bazaar/shared/database/cursor'
import { Reply } from '@bazaar/shared/reply'

/** How many entries a page has when nothing else is said. */
export const PAGE_SIZE = 20

/** A list that is read page by page. A cursor is good for this list of this person, with filters that mean the same. */
export type List = {
  path: string
  /** Whose list it is. */
  ownerId: string
  /** What it is narrowed to, as it is understood and not as it is written. */
  filters?: Record<string, string | Date | undefined>
  query: { limit?: string; cursor?: string }
  /** How many entries a page has when nothing else is said. */
  sizeUsual: number
  cursorSecret: string
}

/** How many entries are read for a page: one more than it shows tells whether there is a next page. */
export function mostOf({ query, sizeUsual }: Pick<List, 'query' | 'sizeUsual'>): number {
  return Number(query.limit ?? sizeUsual) + 1
}

/**
 * The id of the last entry of the page before; undefined on the first page.
 * @throws {DomainError} validation-failed for a cursor that is not of this list.
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

/** The list and its filters as text: the same for the same meaning, in whatever order and spelling it was asked for. */
function nameOf({ path, ownerId, filters = {} }: List): string {
  const known = Object.entries(filters).filter(([, value]) => value !== undefined)
  return JSON.stringify([path, ownerId, known.sort(([one], [other]) => (one < other ? -1 : 1))])
}
