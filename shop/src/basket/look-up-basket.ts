import { ProblemError, type Product, UnreachableError } from '@bazaar/client'
import type { Visit } from '../visit/visit.ts'
import type { BasketLine } from './basket.ts'

/** A line of the basket as it is now. */
export type BasketEntry = BasketLine & {
  /** Undefined when it cannot be looked up at the moment, or is there no more. */
  product: Product | undefined
  /** Why it cannot be ordered as it stands. */
  obstacle: 'gone' | 'sold-out' | 'fewer' | 'unknown' | undefined
  /** What it costs now, for all of the line. */
  subtotalMinor: number
}

/** What can be ordered together: an order has one currency. */
export type BasketGroup = {
  currency: string
  entries: BasketEntry[]
  totalMinor: number
  canBeOrdered: boolean
}

/** Looks up what has become of everything in the basket, one order after the other. */
export async function lookUpBasket(visit: Visit): Promise<BasketGroup[]> {
  const entries = await Promise.all(visit.basket.map((line) => lookUp(visit, line)))
  return [...Map.groupBy(entries, ({ product, currency }) => product?.currency ?? currency)].map(
    ([currency, group]) => ({
      currency,
      entries: group,
      totalMinor: group.reduce((sum, { subtotalMinor }) => sum + subtotalMinor, 0),
      canBeOrdered: group.every(({ obstacle }) => obstacle === undefined),
    }),
  )
}

async function lookUp(visit: Visit, line: BasketLine): Promise<BasketEntry> {
  try {
    const { body: product } = await visit.bazaar.inventory.readProduct({ productId: line.productId })
    return {
      ...line,
      product,
      obstacle: obstacleOf(product, line),
      subtotalMinor: product.priceMinor * line.quantity,
    }
  } catch (error) {
    const isGone = error instanceof ProblemError && error.problem.status < 429
    if (!isGone && !(error instanceof ProblemError || error instanceof UnreachableError)) throw error
    const obstacle = isGone ? 'gone' : 'unknown'
    return { ...line, product: undefined, obstacle, subtotalMinor: line.priceMinor * line.quantity }
  }
}

function obstacleOf(product: Product, { quantity }: BasketLine): BasketEntry['obstacle'] {
  if (product.status === 'ARCHIVED') return 'gone'
  if (product.stockCount === 0) return 'sold-out'
  return product.stockCount < quantity ? 'fewer' : undefined
}
