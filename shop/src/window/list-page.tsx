import type { InventoryApi } from '@bazaar/client'
import type { Page } from '../page/answer.tsx'
import { type Refusal, tryIt } from '../page/failure.ts'
import { Cards, Choice, categoryName, Empty, Field, Pager, Refused } from '../page/kit.tsx'
import type { Visit } from '../visit/visit.ts'
import { readAmount } from '../words/format.ts'

type Search = InventoryApi['listProducts']['input']

const SORTS = ['newest', 'price-ascending', 'price-descending', 'name'] as const
const PAGE_SIZE = 24
const CURRENCY = 'EUR'
const CATEGORIES_MAX = 100

/** Products that were searched for, or those of a category. */
export async function listPage(visit: Visit, category?: string): Promise<Page> {
  const { words, url, bazaar } = visit
  const asked = Object.fromEntries(url.searchParams)
  const search = searchOf(asked, category)
  const [tried, categories] = await Promise.all([
    tryIt(visit, () => bazaar.inventory.listProducts(search)),
    bazaar.inventory.listCategories({ limit: CATEGORIES_MAX }),
  ])
  const found = tried.done?.body ?? { items: [], next: null }
  const query = search.q ?? ''
  const title = category ? categoryName(category) : query ? words.list.results(query) : words.list.title
  const names = categories.body.items.map((one) => one.category)
  return {
    title,
    query,
    status: tried.refusal?.status ?? 200,
    body: (
      <div class="with-side">
        <h1>{title}</h1>
        <Filters visit={visit} asked={asked} category={category} categories={names} refusal={tried.refusal} />
        <div>
          <Refused visit={visit} refusal={tried.refusal} />
          {found.items.length > 0 ? (
            <Cards visit={visit} products={found.items} />
          ) : (
            <Empty text={words.list.empty} href="/search" action={words.list.title} />
          )}
          <Pager visit={visit} next={found.next} />
        </div>
      </div>
    ),
  }
}

/** What inventory is asked. A price that is none is left out: the field shows it, and can be mended. */
function searchOf(asked: Readonly<Record<string, string>>, category: string | undefined): Search {
  const sort = SORTS.find((one) => one === asked['sort'])
  const priceMinMinor = readAmount(asked['min'] ?? '', CURRENCY)
  const priceMaxMinor = readAmount(asked['max'] ?? '', CURRENCY)
  const wanted = category ?? asked['category']
  return {
    limit: PAGE_SIZE,
    ...(asked['q']?.trim() ? { q: asked['q'].trim() } : {}),
    ...(wanted ? { category: wanted } : {}),
    ...(sort ? { sort } : {}),
    ...(asked['in-stock'] ? { inStock: true } : {}),
    ...(priceMinMinor !== undefined ? { priceMinMinor, currency: CURRENCY } : {}),
    ...(priceMaxMinor !== undefined ? { priceMaxMinor, currency: CURRENCY } : {}),
    ...(asked['cursor'] ? { cursor: asked['cursor'] } : {}),
  }
}

function Filters(props: {
  visit: Visit
  asked: Readonly<Record<string, string>>
  category: string | undefined
  categories: readonly string[]
  refusal: Refusal | undefined
}) {
  const { visit, asked, category, categories } = props
  const { words } = visit
  const options = [
    ['', words.list.anyCategory] as const,
    ...categories.map((name) => [name, categoryName(name)] as const),
  ]
  const isUsed = ['sort', 'min', 'max', 'in-stock'].some((name) => asked[name])
  return (
    <details class="filters" open={isUsed}>
      <summary>{words.list.filters}</summary>
      <form action="/search" aria-label={words.list.filters}>
        {asked['q'] && <input type="hidden" name="q" value={asked['q']} />}
        <Choice
          name="category"
          label={words.list.category}
          options={options}
          chosen={category ?? asked['category']}
        />
        <Choice
          name="sort"
          label={words.list.sort}
          options={SORTS.map((sort) => [sort, words.list.sorts[sort]] as const)}
          chosen={asked['sort']}
        />
        <div class="pair">
          <Field
            name="min"
            label={`${words.list.priceMin} (€)`}
            typed={asked}
            inputMode="decimal"
            maxLength={12}
          />
          <Field
            name="max"
            label={`${words.list.priceMax} (€)`}
            typed={asked}
            inputMode="decimal"
            maxLength={12}
          />
        </div>
        <label class="check">
          <input type="checkbox" name="in-stock" value="yes" checked={asked['in-stock'] === 'yes'} />
          {words.list.inStock}
        </label>
        <button type="submit">{words.list.apply}</button>
      </form>
    </details>
  )
}
