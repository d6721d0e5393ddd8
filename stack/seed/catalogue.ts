import { type DemoAccount, demoShops } from './accounts.ts'
import { gardenProducts } from './products/garden.ts'
import { kitchenProducts } from './products/kitchen.ts'
import { lightingProducts } from './products/lighting.ts'
import { outdoorProducts } from './products/outdoor.ts'
import { paperProducts } from './products/paper.ts'
import type { DemoProduct } from './products/product.ts'
import { toyProducts } from './products/toys.ts'

/** The currency of every price in the demo. */
export const DEMO_CURRENCY = 'EUR'

/** The folder of the pictures that the products name. */
export const picturesFolder = new URL('./pictures/', import.meta.url)

/** An article and the shop that offers it. */
export type Offer = { readonly shop: DemoAccount; readonly product: DemoProduct }

const shelves: readonly { shop: DemoAccount; products: readonly DemoProduct[] }[] = [
  { shop: demoShops.lindgreen, products: kitchenProducts },
  { shop: demoShops.greenbow, products: gardenProducts },
  { shop: demoShops.papermoth, products: paperProducts },
  { shop: demoShops.lindgreen, products: lightingProducts },
  { shop: demoShops.greenbow, products: outdoorProducts },
  { shop: demoShops.papermoth, products: toyProducts },
]

/**
 * Everything the demo shops sell, one article from each shelf in turn: offered in this order, the newest
 * products on the home page come from all categories.
 */
export const catalogue: readonly Offer[] = Array.from(
  { length: Math.max(...shelves.map(({ products }) => products.length)) },
  (_, row) =>
    shelves.flatMap(({ shop, products }): Offer[] =>
      products.slice(row, row + 1).map((product) => ({ shop, product })),
    ),
).flat()
