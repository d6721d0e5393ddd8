import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction, read, repeatably } from '@bazaar/shared/database/database'
import { duplicateKey } from '@bazaar/shared/database/errors'
import { putSession } from '@bazaar/shared/testing/callers'
import { refusal } from '@bazaar/shared/testing/refusal'
import { eq, sql } from 'drizzle-orm'
import { insertUser, saveActive } from '../src/accounts/user-store.ts'
import type { AddressFields } from '../src/addresses/address-store.ts'
import { addresses, users } from '../src/tables.ts'
import { newcomer, startUserService, type TestUserService, TIMEOUT_MS } from './user-service.ts'

setDefaultTimeout(TIMEOUT_MS)

const HOME: AddressFields = {
  kind: 'HOME',
  recipient: 'Ada King',
  line1: 'High Street 1',
  city: 'Ulm',
  postalCode: '89073',
  country: 'DE',
}
const WORK: AddressFields = { ...HOME, kind: 'WORK', line2: '3rd floor', region: 'Bavaria' }

let service: TestUserService

beforeAll(async () => {
  // Addresses have nothing to do with the identity service: none is there.
  const iam = { url: 'http://127.0.0.1:1', apiKey: `bzk_test_${'0'.repeat(16)}_${'A'.repeat(43)}` }
  service = await startUserService(iam)
})

afterAll(() => service.close())

/** Somebody who is logged in. */
async function owner() {
  const id = newId()
  const { password: _, ...user } = newcomer()
  await inTransaction(service.deps.database, async (tx) => {
    await insertUser(tx, { ...user, id })
    await saveActive(tx, { id, name: user.name })
  })
  const { session } = await putSession(service.deps.redis, { userId: id, userType: 'BUYER' })
  return { id, session }
}

async function add(session: string, body: AddressFields, isDefault?: boolean) {
  const wanted = isDefault === undefined ? body : { ...body, isDefault }
  return (await service.client.addAddress({ session, body: wanted })).body
}

async function list(session: string) {
  return (await service.client.listAddresses({ session })).body.items
}

describe('the address book', () => {
  test('makes the first address the default, and a later one only when asked', async () => {
    const { session } = await owner()
    const answer = await service.client.addAddress({ session, body: { ...HOME, isDefault: false } })
    const home = answer.body
    expect(answer.headers.get('location')).toBe(`/users/me/addresses/${home.id}`)
    expect(home).toEqual({ id: home.id, ...HOME, isDefault: true })
    const work = await add(session, WORK)
    expect(work).toEqual({ id: work.id, ...WORK, isDefault: false })
    expect(await list(session)).toEqual([home, work])
    const third = await add(session, HOME, true)
    expect(await list(session)).toEqual([third, { ...home, isDefault: false }, work])
  })

  test('reads and replaces an address, default or not', async () => {
    const { session } = await owner()
    const { id: addressId } = await add(session, WORK)
    const params = { addressId }
    expect((await service.client.readAddress({ session, params })).body).toMatchObject(WORK)
    const changed = await service.client.changeAddress({ session, params, body: { ...HOME, country: 'AT' } })
    expect(changed.body).toEqual({ id: addressId, ...HOME, country: 'AT', isDefault: true })
    expect((await service.client.readAddress({ session, params })).body).toEqual(changed.body)
  })

  test('moves the default, and repeating it changes nothing', async () => {
    const { session } = await owner()
    const home = await add(session, HOME)
    const work = await add(session, WORK)
    const params = { addressId: work.id }
    for (let time = 0; time < 2; time++) {
      const { body } = await service.client.makeDefaultAddress({ session, params })
      expect(body).toEqual({ ...work, isDefault: true })
      expect(await list(session)).toEqual([body, { ...home, isDefault: false }])
    }
  })

  test('gives the place of a deleted default to the address added last', async () => {
    const { session } = await owner()
    const [first, second, third] = [
      await add(session, HOME),
      await add(session, WORK),
      await add(session, HOME),
    ]
    await service.client.deleteAddress({ session, params: { addressId: first.id } })
    expect(await list(session)).toEqual([{ ...third, isDefault: true }, second])
    await service.client.deleteAddress({ session, params: { addressId: second.id } })
    await service.client.deleteAddress({ session, params: { addressId: third.id } })
    expect(await list(session)).toEqual([])
    expect((await add(session, HOME)).isDefault).toBe(true)
  })

  test('takes fifty addresses and no more, also when many come at once', async () => {
    const { session } = await owner()
    for (let count = 0; count < 49; count++) await add(session, HOME)
    const answers = await Promise.allSettled(Array.from({ length: 12 }, () => add(session, HOME)))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await refusal(add(session, HOME))).toMatchObject({ status: 409, code: 'too-many-addresses' })
    expect(await list(session)).toHaveLength(50)
  })

  test.each(['UK', 'XX', 'EU'])('answers 422 to the country %s', async (country) => {
    const { session } = await owner()
    const body = { ...HOME, country }
    const expected = {
      status: 422,
      code: 'unknown-country',
      errors: [{ pointer: '/country', code: 'unknown' }],
    }
    expect(await refusal(service.client.addAddress({ session, body }))).toMatchObject(expected)
    const params = { addressId: (await add(session, HOME)).id }
    expect(await refusal(service.client.changeAddress({ session, params, body }))).toMatchObject(expected)
  })

  test.each([undefined, null, '', '-'])(
    'takes the postal code %p where there are none, and not elsewhere',
    async (code) => {
      const { session } = await owner()
      const { postalCode: _, ...place } = HOME
      const given = code === undefined ? {} : { postalCode: code }
      for (const country of ['HK', 'AE', 'QA', 'AO']) {
        const { body } = await service.client.addAddress({ session, body: { ...place, country, ...given } })
        expect(body).toEqual({ id: body.id, ...place, country, isDefault: body.isDefault })
      }
      const params = { addressId: (await add(session, HOME)).id }
      const body = { ...place, ...given }
      for (const attempt of [
        () => service.client.addAddress({ session, body }),
        () => service.client.changeAddress({ session, params, body }),
      ])
        expect(await refusal(attempt())).toMatchObject({
          status: 422,
          code: 'postal-code-missing',
          errors: [{ pointer: '/postalCode', code: 'required' }],
        })
    },
  )

  test.each([null, ''])('forgets what is replaced by %p', async (nothing) => {
    const { session } = await owner()
    const { id, line2: _, region: __, ...rest } = await add(session, WORK)
    const { isDefault, ...fields } = rest
    const body = { ...fields, line2: nothing, region: nothing }
    const changed = await service.client.changeAddress({ session, params: { addressId: id }, body })
    expect(changed.body).toEqual({ id, ...rest })
    expect(await list(session)).toEqual([{ id, ...rest }])
  })

  test('keeps lines of 120 emoji, and refuses 121', async () => {
    const { session } = await owner()
    const wanted = { ...HOME, line1: '🏠'.repeat(120), line2: '🚪'.repeat(120) }
    const { id } = await add(session, wanted)
    expect(await list(session)).toContainEqual(expect.objectContaining({ ...wanted, id }))
    const attempt = service.client.addAddress({ session, body: { ...HOME, line2: '🚪'.repeat(121) } })
    expect((await refusal(attempt)).errors).toEqual([{ pointer: '/line2', code: 'max-length', limit: 120 }])
  })

  test('says of a text that may be null what is wrong with the text', async () => {
    const { session } = await owner()
    const attempt = (line2: string) =>
      refusal(service.client.addAddress({ session, body: { ...HOME, line2 } }))
    expect((await attempt('4242 4242 4242 4242')).errors).toEqual([
      { pointer: '/line2', code: 'card-number' },
    ])
    expect((await attempt('x'.repeat(121))).errors).toEqual([
      { pointer: '/line2', code: 'max-length', limit: 120 },
    ])
  })

  test('answers 404 for unknown addresses and those of others, alike', async () => {
    const { session } = await owner()
    const stranger = await owner()
    const foreign = await add(stranger.session, HOME)
    const problems = await Promise.all(
      [foreign.id, newId()].flatMap((addressId) => {
        const named = { session, params: { addressId } }
        return [
          refusal(service.client.readAddress(named)),
          refusal(service.client.changeAddress({ ...named, body: HOME })),
          refusal(service.client.makeDefaultAddress(named)),
          refusal(service.client.deleteAddress(named)),
        ]
      }),
    )
    for (const problem of problems)
      expect({ ...problem.members, instance: '' }).toEqual({ ...problems[0]?.members, instance: '' })
    expect(problems[0]).toMatchObject({ status: 404, code: 'not-found' })
    expect(await list(stranger.session)).toEqual([foreign])
  })
})

describe('exactly one default', () => {
  test('is left by any changes at once', async () => {
    const { session, id } = await owner()
    const book = [await add(session, HOME), await add(session, WORK), await add(session, HOME)]
    for (let round = 0; round < 5; round++) {
      await Promise.allSettled([
        ...book.map(({ id: addressId }) =>
          service.client.makeDefaultAddress({ session, params: { addressId } }),
        ),
        add(session, HOME, true),
        add(session, WORK, true),
        service.client.deleteAddress({ session, params: { addressId: book[round % 3]?.id ?? '' } }),
      ])
      const defaults = (await list(session)).filter(({ isDefault }) => isDefault)
      expect(defaults).toHaveLength(1)
      const [row] = await read(service.deps.database, (connection) =>
        connection
          .select({ defaults: sql<number>`count(default_of)` })
          .from(addresses)
          .where(eq(addresses.userId, id)),
      )
      expect(row?.defaults).toBe(1)
    }
  })

  test('holds when the first addresses are added at once', async () => {
    const { session } = await owner()
    await Promise.all(Array.from({ length: 12 }, () => add(session, HOME)))
    const defaults = (await list(session)).filter(({ isDefault }) => isDefault)
    expect(defaults).toHaveLength(1)
  })

  test('is enforced by the database itself', async () => {
    const { session, id } = await owner()
    const stranger = await owner()
    await add(session, HOME)
    const work = await add(session, WORK)
    const mark = (defaultOf: string) =>
      repeatably(service.deps.database, (connection) =>
        connection.update(addresses).set({ defaultOf }).where(eq(addresses.id, work.id)),
      ).then(
        () => 'done',
        (error: unknown) => duplicateKey(error) ?? 'refused',
      )
    expect(await mark(id)).toBe('addresses_default_of_unique')
    expect(await mark(stranger.id)).toBe('refused')
  })

  test('needs an open account', async () => {
    const { session, id } = await owner()
    const { id: addressId } = await add(session, HOME)
    await repeatably(service.deps.database, (connection) =>
      connection
        .update(users)
        .set({ status: 'CLOSING', email: null, mobileNumber: null })
        .where(eq(users.id, id)),
    )
    expect(await refusal(add(session, HOME))).toMatchObject({ status: 401, code: 'unauthenticated' })
    const deletion = service.client.deleteAddress({ session, params: { addressId } })
    expect(await refusal(deletion)).toMatchObject({ status: 401, code: 'unauthenticated' })
  })
})
