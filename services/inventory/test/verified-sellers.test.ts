import { describe, expect, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { read } from '@bazaar/shared/database/database'
import { refusal } from '@bazaar/shared/testing/refusal'
import { eq } from 'drizzle-orm'
import { readConfig } from '../src/config.ts'
import { products } from '../src/tables.ts'
import { openWorld } from './world.ts'

const REFUSED = { status: 403, code: 'email-not-verified' }

const world = await openWorld({ verifiedEmailFor: 'selling' })

/** The sessions of one seller, before and after the e-mail address was verified. */
async function newSeller() {
  const userId = newId()
  return { userId, before: await world.seller(userId, false), after: await world.seller(userId, true) }
}

describe('where selling wants a verified e-mail address', () => {
  test('a seller offers nothing before, and everything afterwards', async () => {
    const { userId, before, after } = await newSeller()
    expect(await refusal(world.offer(before))).toMatchObject(REFUSED)
    const own = (connection: Parameters<Parameters<typeof read>[1]>[0]) =>
      connection.select().from(products).where(eq(products.sellerId, userId))
    expect(await read(world.database, own)).toEqual([])
    expect(await world.offer(after)).toMatchObject({ status: 'LISTED' })
  })

  test('a request that was refused before succeeds afterwards with the same key', async () => {
    const { before, after } = await newSeller()
    const idempotencyKey = newId()
    const { name, description, category, currency, priceMinor } = await world.offer(after)
    const body = { name, description, category, currency, priceMinor, stockCount: 1 }
    const offer = ({ session }: { session: string }) =>
      world.client.createProduct({ session, idempotencyKey, body })
    expect(await refusal(offer(before))).toMatchObject(REFUSED)
    expect((await offer(after)).status).toBe(201)
  })

  test('an archived product stays off the market before, and nothing else is refused', async () => {
    const { before, after } = await newSeller()
    const { id: productId } = await world.offer(after)
    const { session } = before
    const params = { productId }
    await world.client.changeProduct({ session, params, ifMatch: '*', body: { priceMinor: 99 } })
    await world.client.archiveProduct({ session, params })
    expect(await refusal(world.client.relistProduct({ session, params }))).toMatchObject(REFUSED)
    const relisted = await world.client.relistProduct({ session: after.session, params })
    expect(relisted.body).toMatchObject({ status: 'LISTED', priceMinor: 99 })
  })
})

describe('VERIFIED_EMAIL_FOR', () => {
  const given = {
    DATABASE_URL: 'mysql://bazaar_inventory:one@127.0.0.1:3306/bazaar_inventory',
    REDIS_URL: 'redis://127.0.0.1:6379',
    RABBITMQ_URL: 'amqp://one:two@127.0.0.1:5672',
    PORT: '4003',
    CURSOR_SECRET: 'only the tests know this cursor secret',
  }
  test.each([
    [{ ENVIRONMENT: 'production' }, 'selling'],
    [{ ENVIRONMENT: 'production', VERIFIED_EMAIL_FOR: 'nothing' }, 'nothing'],
    [{ ENVIRONMENT: 'development' }, 'nothing'],
    [{ ENVIRONMENT: 'test' }, 'nothing'],
    [{ ENVIRONMENT: 'development', VERIFIED_EMAIL_FOR: 'selling' }, 'selling'],
  ] as const)('with %j wants a verified address for %s', (variables, wanted) => {
    expect(readConfig({ ...given, ...variables }).verifiedEmailFor).toBe(wanted)
  })
})
