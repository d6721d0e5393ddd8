import { inTransaction, read } from '@bazaar/shared/database/database'
import { lockProduct } from '../catalogue/product-store.ts'
import type { Deps } from '../deps.ts'
import { listOutdated, type Outdated, saveWords } from './word-store.ts'

/** The number of products read at once. */
const PAGE_SIZE = 50

/**
 * Updates the search words of products that were stored under older rules, one after the other. Their version stays,
 * because nothing changed for their sellers. Several instances may do this at once, and one failure does not stop the
 * rest.
 */
export async function renewWords(deps: Pick<Deps, 'database' | 'log'>): Promise<void> {
  let after: Outdated | undefined
  for (;;) {
    const page = await read(deps.database, (connection) =>
      listOutdated(connection, { after, most: PAGE_SIZE }),
    )
    for (const { id } of page) {
      try {
        await inTransaction(deps.database, async (tx) => {
          const product = await lockProduct(tx, id)
          if (product) await saveWords(tx, product)
        })
      } catch (error) {
        deps.log.warn({ error, productId: id }, 'the words of a product could not be renewed yet')
      }
    }
    after = page.at(-1)
    if (page.length < PAGE_SIZE) return
  }
}
