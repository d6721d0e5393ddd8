import type { Category, ProductCard } from '@bazaar/client'
import type { Page } from '../page/answer.tsx'
import { Cards, categoryName, Empty, Picture } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'

/** Beside the words at the top; only where there is room for them. */
const HERO_PICTURES = 2
/** The largest; the filters of the search have all of them. */
const CATEGORIES_SHOWN = 12

/** The first page: what is new, what there is, what is nearly gone. */
export async function homePage(visit: Visit): Promise<Page> {
  const { words } = visit
  const { body: home } = await visit.bazaar.inventory.readHomePage()
  const shown = [...home.almostGone, ...home.newest]
    .filter(({ imageUrl }) => imageUrl !== null)
    .slice(0, HERO_PICTURES)
  const isEmpty = home.newest.length === 0
  return {
    title: words.claim,
    body: (
      <>
        <section class="hero">
          <div>
            <h1>{words.home.title}</h1>
            <p>{words.home.lead}</p>
            <a class="button" href="/search">
              {words.home.all}
            </a>
          </div>
          <ul>
            {shown.map(({ imageUrl }) => (
              <li>
                <Picture imageUrl={imageUrl} alt="" sizes="13rem" isEager />
              </li>
            ))}
          </ul>
        </section>
        {isEmpty && <Empty text={words.home.empty} href="/sign-up" action={words.nav.signUp} />}
        {home.categories.length > 0 && (
          <section>
            <h2>{words.home.categories}</h2>
            <ul class="tiles">
              {home.categories.slice(0, CATEGORIES_SHOWN).map((category) => (
                <CategoryTile visit={visit} category={category} />
              ))}
            </ul>
          </section>
        )}
        {!isEmpty && (
          <section>
            <h2>{words.home.newest}</h2>
            <Cards visit={visit} products={inStockFirst(home.newest)} />
          </section>
        )}
        {home.almostGone.length > 0 && (
          <section>
            <h2>{words.home.almostGone}</h2>
            <Cards visit={visit} products={home.almostGone} />
          </section>
        )}
      </>
    ),
  }
}

/** Nobody is led to what they cannot have first. */
function inStockFirst(products: readonly ProductCard[]): ProductCard[] {
  return products.toSorted((one, other) => Number(other.inStock) - Number(one.inStock))
}

function CategoryTile({ visit, category }: { visit: Visit; category: Category }) {
  return (
    <li>
      <a class="tile" href={`/categories/${category.category}`}>
        <Picture imageUrl={category.imageUrl} alt="" sizes="3.75rem" />
        <span>
          <strong>{categoryName(category.category)}</strong>
          <small>{visit.words.list.products(category.products)}</small>
        </span>
      </a>
    </li>
  )
}
