import { describe, expect, test } from 'bun:test'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { newId } from '@bazaar/shared/database/columns'
import { refusal } from '@bazaar/shared/testing/refusal'
import { lineOf, openWorld } from '../world.ts'

const world = await openWorld()
const seller = await world.seller()
for (const [name, category, stockCount] of [
  ['Blue enamel kettle', 'kitchen', 3],
  ['Desk lamp', 'lighting', 0],
  ['100% wool blanket', 'kitchen', 7],
  ['Guitar 🎸 strings', 'kitchen', 5],
] as const)
  await world.offer(seller, { name, category, stockCount })

describe('GET /products/{productId}', () => {
  test('is sent again only when something it shows has changed, stock included', async () => {
    const kettle = await world.offer(seller, { category: 'etags' })
    const url = `${world.url}/products/${kettle.id}`
    const first = await fetch(url)
    const etag = first.headers.get('etag') ?? ''
    expect(first.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
    expect(first.headers.get('content-type')).toStartWith('application/json')

    const same = await fetch(url, { headers: { 'if-none-match': etag } })
    expect([same.status, await same.text(), same.headers.get('etag')]).toEqual([304, '', etag])
    await world.orders.placeReservation({ params: { orderId: newId() }, body: { lines: [lineOf(kettle)] } })
    const changed = await fetch(url, { headers: { 'if-none-match': etag } })
    expect(changed.status).toBe(200)
    expect(await changed.json()).toMatchObject({ stockCount: 9, version: 1 })
  })

  test('is read with those that others ask for at the same time, and each gets their own', async () => {
    const shelf = await Promise.all([1, 2, 3].map((stockCount) => world.offer(seller, { stockCount })))
    const asked = [...shelf, ...shelf].map(({ id }) =>
      world.client.readProduct({ params: { productId: id } }),
    )
    const unknown = refusal(world.client.readProduct({ params: { productId: newId() } }))
    const statements: string[] = []
    const record = (started: unknown) => statements.push(String(Reflect.get(Object(started), 'query')))
    subscribe('tracing:mysql2:query:start', record)
    const pages = await Promise.all(asked)
    unsubscribe('tracing:mysql2:query:start', record)
    expect(pages.map(({ body }) => [body.id, body.stockCount])).toEqual(
      [...shelf, ...shelf].map(({ id, stockCount }) => [id, stockCount]),
    )
    expect(await unknown).toMatchObject({ status: 404, code: 'not-found' })
    expect(statements.filter((statement) => statement.includes('from `products`')).length).toBeLessThan(7)
  })

  test('does not know unknown products, and refuses what is no id', async () => {
    const unknown = world.client.readProduct({ params: { productId: newId() } })
    expect(await refusal(unknown)).toMatchObject({ status: 404, code: 'not-found' })
    expect((await fetch(`${world.url}/products/1`)).status).toBe(422)
  })
})

describe('GET /products', () => {
  test('is read once for all who ask for the same page, and is refused to each who asks wrongly', async () => {
    await world.offer(seller, { category: 'asked-together' })
    const query = { category: 'asked-together' }
    const statements: string[] = []
    const record = (started: unknown) => statements.push(String(Reflect.get(Object(started), 'query')))
    subscribe('tracing:mysql2:query:start', record)
    const asked = Array.from({ length: 20 }, () => world.client.listProducts({ query }))
    const wrongly = Array.from({ length: 20 }, () =>
      refusal(world.client.listProducts({ query: { cursor: 'AAAA' } })),
    )
    const pages = await Promise.all(asked)
    const refusals = await Promise.all(wrongly)
    unsubscribe('tracing:mysql2:query:start', record)
    expect(new Set(pages.map(({ body }) => JSON.stringify(body)))).toHaveProperty('size', 1)
    expect(pages[0]?.body.items).toHaveLength(1)
    expect(refusals.map(({ code }) => code)).toEqual(Array(20).fill('validation-failed'))
    expect(statements.filter((statement) => statement.includes('from `products`')).length).toBeLessThan(20)

    await world.offer(seller, { category: 'asked-together' })
    expect((await world.client.listProducts({ query })).body.items).toHaveLength(2)
  })
})

describe('GET /home', () => {
  test('shows categories, the newest products and those of which few are left', async () => {
    const { body, headers } = await world.client.readHomePage({})
    expect(body.categories).toContainEqual({ category: 'lighting', products: 1, imageUrl: null })
    const counts = body.categories.map(({ products }) => products)
    expect(counts).toEqual(counts.toSorted((one, two) => two - one))
    expect(body.newest.length).toBeLessThanOrEqual(12)
    const almostGone = body.almostGone.map(({ name }) => name)
    expect(almostGone).toContain('Blue enamel kettle')
    expect(almostGone).toContain('Guitar 🎸 strings')
    expect(almostGone).not.toContain('Desk lamp')
    expect(almostGone).not.toContain('100% wool blanket')
    expect(headers.get('cache-control')).toBe('public, max-age=1, must-revalidate')
    expect(headers.get('content-type')).toStartWith('application/json')
  })

  test('leaves out what is archived', async () => {
    const gone = await world.offer(seller, { category: 'gone', stockCount: 1 })
    await world.client.archiveProduct({ session: seller.session, params: { productId: gone.id } })
    const { body } = await world.client.readHomePage({})
    expect(body.categories.map(({ category }) => category)).not.toContain('gone')
    expect([...body.newest, ...body.almostGone].map(({ id }) => id)).not.toContain(gone.id)
  })

  test('is sent again only when it has changed', async () => {
    const first = await fetch(`${world.url}/home`)
    const etag = first.headers.get('etag') ?? ''
    const headers = { 'if-none-match': etag }
    expect((await fetch(`${world.url}/home`, { headers })).status).toBe(304)
    await world.offer(seller)
    expect((await fetch(`${world.url}/home`, { headers })).status).toBe(200)
  })
})

describe('GET /categories', () => {
  test('lists them all by name, page by page, more of them than the home page shows', async () => {
    const many = Array.from({ length: 65 }, (_, index) => `many-${String(index).padStart(3, '0')}`)
    for (const category of many) await world.offer(seller, { category })
    const gone = await world.offer(seller, { category: 'many-gone' })
    await world.client.archiveProduct({ session: seller.session, params: { productId: gone.id } })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const query = { limit: '20', ...(cursor === undefined ? {} : { cursor }) }
      const { body } = await world.client.listCategories({ query })
      seen.push(...body.items.map(({ category }) => category))
      cursor = body.next ?? undefined
    } while (cursor)
    expect(seen).toEqual([...new Set(seen)].toSorted())
    expect(seen.filter((category) => category.startsWith('many-'))).toEqual(many)
    const { body } = await world.client.listCategories({ query: { limit: '100' } })
    expect(body.items.find(({ category }) => category === 'lighting')).toEqual({
      category: 'lighting',
      products: 1,
      imageUrl: null,
    })
    expect((await world.client.readHomePage({})).body.categories).toHaveLength(60)
  })
})
