import { expect, test } from 'bun:test'
import { inTransaction, read, repeatably } from '@bazaar/shared/database/database'
import { raceRounds } from '@bazaar/shared/testing/race-rounds'
import { refusal } from '@bazaar/shared/testing/refusal'
import { until } from '@bazaar/shared/testing/until'
import { and, eq, sql } from 'drizzle-orm'
import { products, sellers } from '../src/tables.ts'
import { openWorld, type Person } from './world.ts'

/* Nothing of a seller whose account is closed is left on the market, whatever was under way. */

const world = await openWorld()

async function stop({ session }: Person): Promise<string[]> {
  return (await world.client.stopSelling({ session })).body.productIds
}

async function onSale({ userId }: Person): Promise<string[]> {
  const listed = and(eq(products.sellerId, userId), eq(products.status, 'LISTED'))
  const rows = await read(world.database, (connection) =>
    connection.select({ id: products.id }).from(products).where(listed),
  )
  return rows.map(({ id }) => id).toSorted()
}

/** An archived product of a seller. */
async function archived(seller: Person): Promise<string> {
  const { id } = await world.offer(seller)
  await world.client.archiveProduct({ session: seller.session, params: { productId: id } })
  return id
}

test('Selling goes on while something is on the market, which is named', async () => {
  const seller = await world.seller()
  const { id } = await world.offer(seller)
  expect(await stop(seller)).toEqual([id])
  const another = await world.offer(seller)
  expect(await stop(seller)).toEqual([id, another.id].toSorted())
})

test('Once selling is stopped, nothing is offered or put back in that session or in older ones', async () => {
  const seller = await world.seller()
  const productId = await archived(seller)
  expect([await stop(seller), await stop(seller)]).toEqual([[], []])
  const { session } = seller
  const refused = { status: 409, code: 'account-closing' }
  expect(await refusal(world.offer(seller))).toMatchObject(refused)
  expect(await refusal(world.client.relistProduct({ session, params: { productId } }))).toMatchObject(refused)
  await world.client.archiveProduct({ session, params: { productId } })
  expect(await onSale(seller)).toEqual([])
})

test('A session that begins later can offer again', async () => {
  const seller = await world.seller()
  const productId = await archived(seller)
  await stop(seller)
  await inTransaction(world.database, async (tx) => {
    const stoppedUntil = sql`now(3) - interval 10 second`
    await tx.update(sellers).set({ stoppedUntil }).where(eq(sellers.id, seller.userId))
  })
  const { session } = await world.seller(seller.userId)
  await world.client.relistProduct({ session, params: { productId } })
  expect(await onSale(seller)).toEqual([productId])
})

test('Of requests at once, either selling stops and nothing is on the market, or what is there is named', async () => {
  for (let round = 0; round < raceRounds({ quick: 15, full: 300 }); round++) {
    const seller = await world.seller()
    const { session } = seller
    const params = { productId: await archived(seller) }
    const [stopped] = await Promise.allSettled([
      stop(seller),
      world.offer(seller),
      world.offer(seller),
      world.client.relistProduct({ session, params }),
    ])
    if (stopped.status === 'rejected') throw stopped.reason
    const named = stopped.value
    const left = await onSale(seller)
    expect(left).toEqual(expect.arrayContaining(named))
    if (named.length === 0) expect(left).toEqual([])
  }
})

test('An offer that waits while selling is stopped is refused', async () => {
  const seller = await world.seller()
  await archived(seller)
  const holder = await world.database.pool.getConnection()
  await holder.query('begin')
  await holder.query('update sellers set stopped_until = now(3) + interval 60 second')
  const offered = refusal(world.offer(seller))
  await until('the offer waits for its seller', somebodyWaits)
  await holder.query('commit')
  holder.release()
  expect(await offered).toMatchObject({ code: 'account-closing' })
  expect(await onSale(seller)).toEqual([])
})

/** Whether a statement about sellers is being worked on: while we hold the row, it waits for it. */
async function somebodyWaits(): Promise<boolean> {
  const [rows] = await repeatably(world.database, (connection) =>
    connection.execute(sql`
      select 1 from information_schema.processlist
      where db = database() and id <> connection_id() and info like '%sellers%'`),
  )
  return Array.isArray(rows) && rows.length > 0
}
