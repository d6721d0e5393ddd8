import { describe, expect, test } from 'bun:test'
import { RemoteProblem } from '@bazaar/shared/clients/client'
import {
  home,
  inventory,
  market,
  newDetails,
  newKey,
  newPerson,
  orders,
  place,
  refusal,
  urls,
  users,
} from './world.ts'

describe('sign-up', () => {
  test('makes a buyer or a seller that can log in by e-mail and by mobile number', async () => {
    for (const type of ['BUYER', 'SELLER'] as const) {
      const details = newDetails()
      const { status, body } = await users.signUp({ body: { type, name: 'Grace Hopper', ...details } })
      expect(status).toBe(201)
      expect(body).toMatchObject({
        type,
        name: 'Grace Hopper',
        email: details.email,
        mobileNumber: details.mobileNumber,
      })
      for (const login of [details.email, details.mobileNumber, details.email.toUpperCase()]) {
        const { body: session } = await users.logIn({ body: { login, password: details.password } })
        expect(session).toMatchObject({ userId: body.id, userType: type })
      }
    }
  })

  test('refuses an e-mail address or a mobile number that is in use', async () => {
    const { email, mobileNumber, password } = await newPerson('BUYER')
    const somebody = { type: 'BUYER', name: 'Mallory', ...newDetails() } as const
    expect(await refusal(users.signUp({ body: { ...somebody, email } }))).toBe('409 email-taken')
    expect(await refusal(users.signUp({ body: { ...somebody, mobileNumber } }))).toBe(
      '409 mobile-number-taken',
    )
    expect(await refusal(users.logIn({ body: { login: email, password: somebody.password } }))).toBe(
      '401 wrong-credentials',
    )
    expect((await users.logIn({ body: { login: email, password } })).status).toBe(201)
  })

  test('refuses a common password and leaves nothing behind', async () => {
    const details = newDetails()
    expect(
      await refusal(
        users.signUp({ body: { type: 'BUYER', name: 'Bob', ...details, password: 'password123' } }),
      ),
    ).toBe('422 password-too-common')
    expect((await users.signUp({ body: { type: 'BUYER', name: 'Bob', ...details } })).status).toBe(201)
  })

  const details = newDetails()
  const bad: [string, object, string][] = [
    ['a password of seven characters', { password: 'seven77' }, '/password'],
    ['an e-mail address without @', { email: 'ada.example.com' }, '/email'],
    ['a mobile number with letters', { mobileNumber: '+49callme' }, '/mobileNumber'],
    ['another type than buyer and seller', { type: 'ADMIN' }, '/type'],
    ['no name', { name: undefined }, '/name'],
    ['a blank name', { name: '   ' }, '/name'],
    ['a property that is not asked for', { isVerified: true }, '/isVerified'],
  ]
  for (const [what, change, pointer] of bad) {
    test(`refuses ${what} and names the field`, async () => {
      const body = JSON.stringify({ type: 'BUYER', name: 'Ada', ...details, ...change })
      const answer = await fetch(`${urls.user}/users`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      expect(answer.status).toBe(422)
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect(await answer.json()).toMatchObject({ code: 'validation-failed', errors: [{ pointer }] })
    })
  }
})

describe('a session', () => {
  test('is refused to a wrong password and to an unknown user alike', async () => {
    const { email } = await newPerson('BUYER')
    const wrong = await problemOf({ login: email, password: 'not the password' })
    const unknown = await problemOf({ login: newDetails().email, password: 'not the password' })
    expect(wrong).toEqual(unknown)
    expect(wrong).toMatchObject({ status: 401, code: 'wrong-credentials' })
  })

  test('opens every service, and log-out closes it in every service', async () => {
    const seller = await newPerson('SELLER')
    const buyer = await newPerson('BUYER')
    const doors = {
      user: (session: string) => users.readProfile({ session }),
      inventory: () => inventory.listOwnProducts({ session: seller.session }),
      order: (session: string) => orders.listOrders({ session }),
    }
    expect((await doors.user(buyer.session)).status).toBe(200)
    expect((await doors.order(buyer.session)).status).toBe(200)
    expect((await doors.inventory()).status).toBe(200)

    expect((await users.logOut({ session: buyer.session })).status).toBe(204)
    expect((await users.logOut({ session: seller.session })).status).toBe(204)
    expect(await refusal(doors.user(buyer.session))).toBe('401 unauthenticated')
    expect(await refusal(doors.order(buyer.session))).toBe('401 unauthenticated')
    expect(await refusal(doors.inventory())).toBe('401 unauthenticated')
  })

  test('is not good for the identity service, which wants an API key', async () => {
    const { session } = await newPerson('BUYER')
    const answer = await fetch(`${urls.iam}/authentications`, {
      method: 'POST',
      headers: { session, 'content-type': 'application/json' },
      body: '{}',
    })
    expect(answer.status).toBe(401)
  })

  test('ends with all others on log-out everywhere', async () => {
    const person = await newPerson('BUYER')
    const { body: second } = await users.logIn({ body: { login: person.email, password: person.password } })
    const { body: listed } = await users.listSessions({ session: second.session })
    expect(listed.items).toHaveLength(2)
    expect(listed.items.filter((one) => one.current)).toHaveLength(1)
    await users.logOutEverywhere({ session: second.session })
    for (const session of [person.session, second.session]) {
      expect(await refusal(users.readProfile({ session }))).toBe('401 unauthenticated')
    }
  })

  test('is one of a list of which each can be ended', async () => {
    const person = await newPerson('BUYER')
    const { body: second } = await users.logIn({ body: { login: person.email, password: person.password } })
    await users.endSession({ session: person.session, params: { sessionId: second.sessionId } })
    expect(await refusal(users.readProfile({ session: second.session }))).toBe('401 unauthenticated')
    expect((await users.readProfile({ session: person.session })).status).toBe(200)
  })
})

describe('a profile', () => {
  test('changes, and asks for the password again before its e-mail address does', async () => {
    const { session, password } = await newPerson('BUYER')
    const { body: renamed } = await users.changeProfile({ session, body: { name: 'Ada King' } })
    expect(renamed).toMatchObject({ name: 'Ada King', version: 2 })
    const { email } = newDetails()
    expect(await refusal(users.changeProfile({ session, body: { email } }))).toBe(
      '403 reauthentication-required',
    )
    expect(
      await refusal(users.changeProfile({ session, body: { email, currentPassword: 'wrong one' } })),
    ).toBe('401 wrong-credentials')
    expect(
      (await users.changeProfile({ session, body: { email, currentPassword: password } })).body.email,
    ).toBe(email)
    expect((await users.logIn({ body: { login: email, password } })).status).toBe(201)
  })

  test('gets a new password, which ends the other sessions', async () => {
    const { session, email, password } = await newPerson('BUYER')
    const { body: other } = await users.logIn({ body: { login: email, password } })
    const newPassword = `${password} and more`
    await users.changePassword({ session, body: { currentPassword: password, newPassword } })
    expect(await refusal(users.readProfile({ session: other.session }))).toBe('401 unauthenticated')
    expect(await refusal(users.logIn({ body: { login: email, password } }))).toBe('401 wrong-credentials')
    expect((await users.logIn({ body: { login: email, password: newPassword } })).status).toBe(201)
  })

  test('is gone when the account is closed', async () => {
    const { session, email, password, id } = await newPerson('SELLER', 'Short-lived shop')
    expect((await users.readSeller({ params: { sellerId: id } })).body.name).toBe('Short-lived shop')
    await users.closeAccount({ session, body: { currentPassword: password } })
    expect(await refusal(users.readProfile({ session }))).toBe('401 unauthenticated')
    expect(await refusal(users.logIn({ body: { login: email, password } }))).toBe('401 wrong-credentials')
    expect(await refusal(users.readSeller({ params: { sellerId: id } }))).toBe('404 not-found')
  })
})

describe('an account that others count on', () => {
  test('of a buyer is not closed before the order is sent or cancelled', async () => {
    const { buyer, cup } = await market()
    const { body: placed } = await place(buyer, [{ productId: cup, quantity: 1 }])
    const orderId = placed.id
    const close = () =>
      users.closeAccount({ session: buyer.session, body: { currentPassword: buyer.password } })
    const refused = await close().catch((error: RemoteProblem) => error)
    expect(refused).toMatchObject({ code: 'open-business', members: { orderIds: [orderId], productIds: [] } })
    expect((await users.readProfile({ session: buyer.session })).status).toBe(200)

    await orders.cancelOrder({
      session: buyer.session,
      idempotencyKey: newKey(),
      params: { orderId },
      body: {},
    })
    expect((await close()).status).toBe(204)
  })

  test('of a seller is not closed before the goods are archived and what was sold has arrived', async () => {
    const { anna, buyer, cup } = await market()
    const close = () =>
      users.closeAccount({ session: anna.session, body: { currentPassword: anna.password } })
    const openBusiness = async () => {
      const refused = await close().catch((error: RemoteProblem) => error)
      expect(refused).toMatchObject({ code: 'open-business' })
      return refused instanceof RemoteProblem ? refused.members : undefined
    }
    expect(await openBusiness()).toMatchObject({ productIds: [cup], orderIds: [] })

    const { body: placed } = await place(buyer, [{ productId: cup, quantity: 1 }])
    const orderId = placed.id
    await inventory.archiveProduct({ session: anna.session, params: { productId: cup } })
    expect(await openBusiness()).toMatchObject({ productIds: [], orderIds: [orderId] })

    const sale = { session: anna.session, params: { orderId } }
    await orders.shipSale({ ...sale, body: {} })
    expect(await openBusiness()).toMatchObject({ productIds: [], orderIds: [orderId] })
    await orders.deliverSale(sale)
    expect((await close()).status).toBe(204)
  })
})

describe('an address book', () => {
  test('has exactly one default after any changes at once', async () => {
    const { session } = await newPerson('BUYER')
    const added = await Promise.all(
      Array.from({ length: 6 }, () => users.addAddress({ session, body: { ...home, isDefault: true } })),
    )
    await Promise.all(
      added.map(({ body }) => users.makeDefaultAddress({ session, params: { addressId: body.id } })),
    )
    const { body: all } = await users.listAddresses({ session })
    expect(all.items).toHaveLength(7)
    expect(all.items.filter((address) => address.isDefault)).toHaveLength(1)

    const [first] = all.items
    await users.deleteAddress({ session, params: { addressId: first?.id ?? '' } })
    const { body: left } = await users.listAddresses({ session })
    expect(left.items.filter((address) => address.isDefault)).toHaveLength(1)
  })

  test('is nobody else’s to read or change', async () => {
    const owner = await newPerson('BUYER')
    const stranger = await newPerson('BUYER')
    const mine = { session: stranger.session, params: { addressId: owner.addressId } }
    expect(await refusal(users.readAddress(mine))).toBe('404 not-found')
    expect(await refusal(users.changeAddress({ ...mine, body: home }))).toBe('404 not-found')
    expect(await refusal(users.deleteAddress(mine))).toBe('404 not-found')
    expect(await refusal(users.readAddress({ ...mine, params: { addressId: newKey() } }))).toBe(
      '404 not-found',
    )
  })
})

async function problemOf(body: object): Promise<unknown> {
  const answer = await fetch(`${urls.user}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { instance: _instance, ...problem } = (await answer.json()) as Record<string, unknown>
  return problem
}
