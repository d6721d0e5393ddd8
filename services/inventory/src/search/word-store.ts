import type { Reader, Transaction } from '@bazaar/shared/database/database'
import { and, asc, eq, gt, lt, or } from 'drizzle-orm'
import { products, productWords } from '../tables.ts'
import { foldText } from './fold-text.ts'
import { WORDS_VERSION, wordsOf } from './words.ts'

/** A text without blanks has as many words as letters, so they are inserted in batches of this size. */
const ROWS_MAX = 500

type Named = { id: string; name: string; description: string }

/** A product whose search words were made by older rules. */
export type Outdated = { id: string; wordsVersion: number }

/** Stores the words by which a new product is found. */
export async function insertWords(tx: Transaction, { id, name, description }: Named): Promise<void> {
  const rows = wordsOf(foldText(`${name}\n${description}`)).map((word) => ({ productId: id, word }))
  for (let from = 0; from < rows.length; from += ROWS_MAX)
    await tx.insert(productWords).values(rows.slice(from, from + ROWS_MAX))
}

/** Replaces the search words of a locked product. */
export async function saveWords(tx: Transaction, product: Named): Promise<void> {
  await tx.delete(productWords).where(eq(productWords.productId, product.id))
  await insertWords(tx, product)
  await tx.update(products).set({ wordsVersion: WORDS_VERSION }).where(eq(products.id, product.id))
}

/** Products whose search words were made by older rules, after the given one. */
export async function listOutdated(
  connection: Reader,
  { after, most }: { after: Outdated | undefined; most: number },
): Promise<Outdated[]> {
  const { id, wordsVersion } = products
  const isAfter =
    after &&
    or(gt(wordsVersion, after.wordsVersion), and(eq(wordsVersion, after.wordsVersion), gt(id, after.id)))
  return connection
    .select({ id, wordsVersion })
    .from(products)
    .where(and(lt(wordsVersion, WORDS_VERSION), isAfter))
    .orderBy(asc(wordsVersion), asc(id))
    .limit(most)
}
