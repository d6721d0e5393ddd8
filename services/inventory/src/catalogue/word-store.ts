import type { Connection, Transaction } from '@bazaar/shared/database/database'
import { and, asc, eq, gt, lt, or } from 'drizzle-orm'
import { products, productWords } from '../tables.ts'
import { foldText } from './fold-text.ts'
import { WORDS_VERSION, wordsOf } from './words.ts'

/** Of a text without blanks there are as many words as letters: they go in by so many at once. */
const ROWS_MAX = 500

type Named = { id: string; name: string; description: string }

/** A product that is found by the words of older rules. */
export type Outdated = { id: string; wordsVersion: number }

/** Stores the words by which a new product is found. */
export async function insertWords(tx: Transaction, { id, name, description }: Named): Promise<void> {
  const rows = wordsOf(foldText(`${name}\n${description}`)).map((word) => ({ productId: id, word }))
  for (let from = 0; from < rows.length; from += ROWS_MAX)
    await tx.insert(productWords).values(rows.slice(from, from + ROWS_MAX))
}

/** Stores the words of a locked product in the place of those that it had. */
export async function saveWords(tx: Transaction, product: Named): Promise<void> {
  await tx.delete(productWords).where(eq(productWords.productId, product.id))
  await insertWords(tx, product)
  await tx.update(products).set({ wordsVersion: WORDS_VERSION }).where(eq(products.id, product.id))
}

/** Products whose words were found by older rules, after the given one. */
export async function listOutdated(
  connection: Connection,
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
