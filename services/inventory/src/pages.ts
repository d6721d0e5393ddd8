import { decodeCursor, encodeCursor } from '@bazaar/shared/database/cursor'

/**
 * A list that is read page by page. `name` identifies the list and its filters; a cursor works for that list only.
 */
export type List = {
  path: string
  name: string
  query: { limit?: string; cursor?: string }
  cursorSecret: string
}

const PAGE_SIZE = 20

/** The number of entries on a page. One more is read, to know whether there is a next page. */
export function pageSize({ query }: Pick<List, 'query'>): number {
  return Number(query.limit ?? PAGE_SIZE)
}

/**
 * The place where the page begins: the `position` of the last entry on the page before.
 * @throws {DomainError} validation-failed for a cursor of another list.
 */
export function positionOf({ name, query, cursorSecret }: List): (string | number)[] | undefined {
  return query.cursor === undefined ? undefined : decodeCursor(cursorSecret, name, query.cursor)
}

/** A page, and the link to the next one (RFC 8288), made from one entry more than it shows. */
export function pageOf<Stored, Shown>(
  list: List,
  entries: readonly Stored[],
  shape: { position: (entry: Stored) => (string | number)[]; show: (entry: Stored) => Shown },
): { body: { items: Shown[]; next: string | null }; headers: Record<string, string> } {
  const shown = entries.slice(0, pageSize(list))
  const last = shown.at(-1)
  const items = shown.map(shape.show)
  if (entries.length <= shown.length || !last) return { body: { items, next: null }, headers: {} }
  const next = encodeCursor(list.cursorSecret, list.name, shape.position(last))
  const query = new URLSearchParams({ ...list.query, cursor: next })
  return { body: { items, next }, headers: { link: `<${list.path}?${query}>; rel="next"` } }
}
