/** A page of a list. */
export type Page = { items: unknown[]; next: string | null }

/**
 * The entries of a list, page after page. The next page is asked for when somebody wants its first entry.
 * @throws {Error} when a page leads to itself, which would never end.
 */
export async function* eachEntry(
  readPage: (cursor: { cursor?: string }) => Promise<Page>,
): AsyncGenerator<unknown, void, undefined> {
  let cursor: string | undefined
  do {
    const page = await readPage(cursor === undefined ? {} : { cursor })
    yield* page.items
    if (page.next !== null && page.next === cursor) throw new Error('The next page is this page again')
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
}
