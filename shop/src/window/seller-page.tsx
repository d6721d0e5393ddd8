import { ProblemError, UnreachableError } from '@bazaar/client'
import type { Page } from '../page/answer.tsx'
import { Cards, Empty, Pager } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'

const PAGE_SIZE = 24

/** A seller, and what they offer. */
export async function sellerPage(visit: Visit, sellerId: string): Promise<Page> {
  const { words, format, bazaar, url } = visit
  const cursor = url.searchParams.get('cursor') ?? undefined
  const [{ body: seller }, { body: products }] = await Promise.all([
    bazaar.user.readSeller({ sellerId }),
    bazaar.inventory.listProducts({ sellerId, limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) }),
  ])
  return {
    title: seller.name,
    body: (
      <>
        <h1>{seller.name}</h1>
        <p class="small">
          {words.seller.since(format.date(seller.sellerSince))} · {words.seller.handle} {seller.handle}
        </p>
        {products.items.length > 0 ? (
          <Cards visit={visit} products={products.items} />
        ) : (
          <Empty text={words.seller.empty} href="/" action={words.nav.home} />
        )}
        <Pager visit={visit} next={products.next} />
      </>
    ),
  }
}

/** The name of a seller with the handle that tells namesakes apart; undefined where it cannot be had now. */
export async function sellerName(visit: Visit, sellerId: string): Promise<string | undefined> {
  try {
    const { body } = await visit.bazaar.user.readSeller({ sellerId })
    return `${body.name} (${body.handle})`
  } catch (error) {
    // The page is worth something without the name, so it is shown without it.
    if (error instanceof ProblemError || error instanceof UnreachableError) return undefined
    throw error
  }
}
