import { expect, test } from 'bun:test'
import { inTransaction, read, repeatably } from '@bazaar/shared/database/database'
import { eq, inArray, sql } from 'drizzle-orm'
import { renewWords } from '../../src/search/renew-words.ts'
import { products, productWords } from '../../src/tables.ts'
import { openWorld } from '../world.ts'

const world = await openWorld()
const seller = await world.seller()

const find = async (q: string) =>
  (await world.client.listProducts({ query: { q, limit: '100' } })).body.items.map(({ id }) => id)

/** Leaves the products as an instance would that knows nothing of today's rules. */
async function forgetWords(ids: readonly string[]): Promise<void> {
  await inTransaction(world.database, async (tx) => {
    await tx.delete(productWords).where(inArray(productWords.productId, [...ids]))
    await tx.insert(productWords).values(ids.map((productId) => ({ productId, word: 'old' })))
    await tx
      .update(products)
      .set({ wordsVersion: 0 })
      .where(inArray(products.id, [...ids]))
  })
}

test('renewWords() makes products found by their words of today, and leaves the rest of them alone', async () => {
  const ids: string[] = []
  for (let number = 0; number < 60; number++)
    ids.push((await world.offer(seller, { name: 'Wi-Fi router' })).id)
  const [first = ''] = ids
  const before = await world.client.readProduct({ params: { productId: first } })
  await forgetWords(ids)
  expect(await find('wifi')).toEqual([])

  await Promise.all([renewWords(world.deps), renewWords(world.deps)])
  expect((await find('wifi')).toSorted()).toEqual(ids.toSorted())
  expect(await find('old')).toEqual([])
  expect((await world.client.readProduct({ params: { productId: first } })).body).toEqual(before.body)
  const outdated = await read(world.database, (connection) =>
    connection.$count(products, eq(products.wordsVersion, 0)),
  )
  expect(outdated).toBe(0)
})

test('renewWords() goes on past a product that fails', async () => {
  const [broken, fine] = [
    await world.offer(seller, { name: 'Broken' }),
    await world.offer(seller, { name: 'Fine' }),
  ]
  await forgetWords([broken.id, fine.id])
  const id = broken.id.replaceAll('-', '')
  await change(
    `create trigger refuse_words before insert on product_words for each row
     if new.product_id = unhex('${id}') then signal sqlstate '45000'; end if`,
  )
  await renewWords(world.deps)
  expect(await find('fine')).toEqual([fine.id])
  expect(await find('broken')).toEqual([])
  expect(await find('old')).toEqual([broken.id])

  await change('drop trigger refuse_words')
  await renewWords(world.deps)
  expect(await find('broken')).toEqual([broken.id])
})

async function change(statement: string): Promise<void> {
  await repeatably(world.database, (connection) => connection.execute(sql.raw(statement)))
}
