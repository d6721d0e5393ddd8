import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { refusal } from '@bazaar/shared/testing/refusal'
import type { ProductView } from '../../src/views.ts'
import { openWorld, type World } from '../world.ts'

type Query = NonNullable<Parameters<World['client']['listProducts']>[0]['query']>

const catalogue = new Map<string, ProductView>()

const offers = [
  { name: 'Blue enamel kettle', category: 'kitchen', priceMinor: 2_499, stockCount: 3 },
  { name: 'Crème brûlée set', category: 'kitchen', priceMinor: 3_500, stockCount: 10 },
  { name: 'Desk lamp', category: 'lighting', priceMinor: 2_499, stockCount: 0 },
  { name: '100% wool blanket', category: 'textiles', priceMinor: 8_900, stockCount: 7 },
  { name: 'snake_case mug', category: 'kitchen', priceMinor: 900, stockCount: 20 },
  { name: 'Guitar 🎸 strings', category: 'music', priceMinor: 1_500, stockCount: 5 },
  { name: 'Anvil', category: 'tools', priceMinor: 19_900, stockCount: 1 },
  { name: 'Teacup', category: 'tableware', priceMinor: 2_000, stockCount: 4, currency: 'JPY' },
]

const world = await openWorld()
const seller = await world.seller()
const other = await world.seller()
for (const offer of offers) {
  const owner = offer.name === 'Anvil' ? other : seller
  catalogue.set(
    offer.name,
    await world.offer(owner, { ...offer, description: `A thing for the ${offer.category}, kettles aside` }),
  )
}

async function names(query: Query): Promise<string[]> {
  const { body } = await world.client.listProducts({ query })
  return body.items.map(({ name }) => name)
}

describe('GET /products', () => {
  test('shows the newest first, to anyone', async () => {
    expect(await names({})).toEqual(offers.map(({ name }) => name).toReversed())
  })

  const searches: [q: string, found: string[]][] = [
    ['blue', ['Blue enamel kettle']],
    ['KETTLE enamel', ['Blue enamel kettle']],
    ['enam', ['Blue enamel kettle']],
    ['amel', []],
    ['creme brulee', ['Crème brûlée set']],
    ['lighting', ['Desk lamp']],
    ['lamp kitchen', []],
    ['%', ['100% wool blanket']],
    ['100%', ['100% wool blanket']],
    ['100', ['100% wool blanket']],
    ['_', ['snake_case mug']],
    ['snake_case', ['snake_case mug']],
    ['e%l', []],
    ['🎸', ['Guitar 🎸 strings']],
    ['🎻', []],
    ["' or 1=1 --", []],
    ['\\', []],
    ['4111111111111111', []],
  ]
  for (const [q, found] of searches) {
    test(`finds ${found.length} with the words ${q}`, async () => {
      expect(await names({ q })).toEqual(found)
    })
  }

  const filters: [name: string, query: Query, found: string[]][] = [
    ['a category', { category: 'kitchen' }, ['snake_case mug', 'Crème brûlée set', 'Blue enamel kettle']],
    ['an unknown category', { category: 'garden' }, []],
    ['what is in stock', { inStock: 'true', category: 'lighting' }, []],
    ['a currency', { currency: 'JPY' }, ['Teacup']],
    ['another currency', { currency: 'EUR', category: 'tableware' }, []],
    ['a lowest price', { currency: 'EUR', priceMinMinor: '8900' }, ['Anvil', '100% wool blanket']],
    ['a highest price', { currency: 'EUR', priceMaxMinor: '1500' }, ['Guitar 🎸 strings', 'snake_case mug']],
    [
      'one price',
      { currency: 'EUR', priceMinMinor: '2499', priceMaxMinor: '2499' },
      ['Desk lamp', 'Blue enamel kettle'],
    ],
    ['words and a price', { q: 'kettle', currency: 'EUR', priceMaxMinor: '1000' }, ['snake_case mug']],
  ]
  for (const [name, query, found] of filters) {
    test(`narrows down to ${name}`, async () => {
      expect(await names(query)).toEqual(found)
    })
  }

  test('narrows down to one seller', async () => {
    expect(await names({ sellerId: other.userId })).toEqual(['Anvil'])
    expect(await names({ sellerId: newId() })).toEqual([])
  })

  const byName = offers.map(({ name }) => name).toSorted((one, two) => one.localeCompare(two, 'en'))
  const sorts: [sort: NonNullable<Query['sort']>, order: (string | undefined)[]][] = [
    [
      'price-ascending',
      [
        'snake_case mug',
        'Guitar 🎸 strings',
        'Blue enamel kettle',
        'Desk lamp',
        'Crème brûlée set',
        '100% wool blanket',
        'Anvil',
        'Teacup',
      ],
    ],
    [
      'price-descending',
      [
        'Teacup',
        'Anvil',
        '100% wool blanket',
        'Crème brûlée set',
        'Desk lamp',
        'Blue enamel kettle',
        'Guitar 🎸 strings',
        'snake_case mug',
      ],
    ],
    ['name', byName],
    ['newest', offers.map(({ name }) => name).toReversed()],
  ]
  for (const [sort, order] of sorts) {
    test(`sorts by ${sort}, and pages go on where the one before ended`, async () => {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const { body, headers } = await world.client.listProducts({
          query: { sort, limit: '2', ...(cursor === undefined ? {} : { cursor }) },
        })
        expect(body.items.length).toBeLessThanOrEqual(2)
        seen.push(...body.items.map(({ name }) => name))
        cursor = body.next ?? undefined
        if (cursor) {
          const next = await fetch(
            new URL(/<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? '', world.url),
          )
          expect(next.status).toBe(200)
        }
      } while (cursor)
      expect(seen).toEqual(order.map(String))
    })
  }

  test('has pages that new products do not shift', async () => {
    const category = 'paged'
    for (const name of ['One', 'Two', 'Three']) await world.offer(seller, { name, category })
    const first = await world.client.listProducts({ query: { category, limit: '2' } })
    await world.offer(seller, { name: 'Four', category })
    const rest = await names({ category, limit: '2', cursor: first.body.next ?? '' })
    expect([...first.body.items.map(({ name }) => name), ...rest]).toEqual(['Three', 'Two', 'One'])
  })

  test('takes the longest names into its cursors', async () => {
    const category = 'longest'
    for (const first of ['a', 'b']) await world.offer(seller, { name: first + '"茶\\'.repeat(39), category })
    const query: Query = { category, sort: 'name', limit: '1' }
    const { next } = (await world.client.listProducts({ query })).body
    expect(await names({ ...query, cursor: next ?? '' })).toHaveLength(1)
  })

  test('goes on with a search that is written in another way', async () => {
    const category = 'written'
    for (const name of ['Kettle a', 'Kettle b']) await world.offer(seller, { name, category })
    const { body } = await world.client.listProducts({
      query: { q: 'Kettle', category, sort: 'name', limit: '1' },
    })
    const cursor = body.next ?? ''
    expect(await names({ q: ' kettle ', category, sort: 'name', limit: '9', cursor })).toEqual(['Kettle b'])
  })

  test('refuses a cursor of another search, a forged one and a cut one', async () => {
    const { next } = (await world.client.listProducts({ query: { limit: '1' } })).body
    const cursor = next ?? ''
    const forged = `${Buffer.from(JSON.stringify([newId()])).toString('base64url')}.${cursor.split('.')[1]}`
    for (const query of [
      { limit: '1', category: 'kitchen', cursor },
      { limit: '1', sort: 'name' as const, cursor },
      { limit: '1', cursor: forged },
      { limit: '1', cursor: cursor.slice(0, -1) },
      { limit: '1', cursor: 'x' },
    ]) {
      expect(await refusal(world.client.listProducts({ query }))).toMatchObject({
        status: 422,
        code: 'validation-failed',
        errors: [{ pointer: '/query/cursor' }],
      })
    }
  })

  for (const query of [
    'limit=0',
    'limit=101',
    'limit=1e2',
    'sort=password',
    `q=${'x'.repeat(101)}`,
    'priceMinMinor=-1',
    'priceMinMinor=1.5',
    'currency=EUR&priceMinMinor=2&priceMaxMinor=1',
    'priceMinMinor=1',
    'priceMaxMinor=1',
    'currency=XXX',
    'currency=eur',
    'priceMaxMinor=1000000000001',
    'inStock=no',
    'sellerId=1',
    'category=Kitchen',
    'page=2',
  ]) {
    test(`refuses ?${query.slice(0, 40)}`, async () => {
      const answer = await fetch(`${world.url}/products?${query}`)
      expect(answer.status).toBe(422)
    })
  }

  for (const query of [
    'q=',
    'q=%20',
    'category=',
    'sellerId=',
    'limit=',
    'sort=',
    'priceMaxMinor=',
    'inStock=false',
  ]) {
    test(`takes ?${query} for a parameter that was not given`, async () => {
      const answer = await fetch(`${world.url}/products?${query}`)
      expect(await answer.json()).toEqual((await world.client.listProducts({ query: {} })).body)
    })
  }

  test('takes an id in capitals, and the highest price there is', async () => {
    const sellerId = other.userId.toUpperCase()
    expect(await names({ sellerId, priceMaxMinor: '1000000000000', currency: 'EUR' })).toEqual(['Anvil'])
  })

  test('refuses a parameter that is given twice', async () => {
    expect((await fetch(`${world.url}/products?limit=1&limit=2`)).status).toBe(400)
  })
})
