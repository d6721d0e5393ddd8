import { describe, expect, test } from 'bun:test'
import { problemOf } from '@bazaar/client'
import {
  anyone,
  bazaarOf,
  home,
  market,
  newDetails,
  newKey,
  newPerson,
  place,
  refusal,
  urls,
} from './world.ts'

describe('sign-up', () => {
  test('makes a buyer or a seller that can log in by e-mail and by mobile number', async () => {
    for (const type of ['BUYER', 'SELLER'] as const) {
      const details = newDetails()
      const { status, body } = await anyone.user.signUp({ type, name: 'Grace Hopper', ...details })
      expect(status).toBe(201)
      expect(body).toMatchObject({
        type,
        name: 'Grace Hopper',
        email: details.email,
        mobileNumber: details.mobileNumber,
      })
      for (const login of [details.email, details.mobileNumber, details.email.toUpperCase()]) {
        const { body: session } = await anyone.user.logIn({ login, password: details.password })
        expect(session).toMatchObject({ userId: body.id, userType: type })
      }
    }
  })

  test('refuses an e-mail address or a mobile number that is in use', async () => {
    const { email, mobileNumber, password } = await newPerson('BUYER')
    const somebody = { type: 'BUYER', name: 'Mallory', ...newDetails() } as const
    expect(await refusal(anyone.user.signUp({ ...somebody, email }))).toBe('409 email-taken')
    expect(await refusal(anyone.user.signUp({ ...somebody, mobileNumber }))).toBe('409 mobile-number-taken')
    expect(await refusal(anyone.user.logIn({ login: email, password: somebody.password }))).toBe(
      '401 wrong-credentials',
    )
    expect((await anyone.user.logIn({ login: email, password })).status).toBe(201)
  })

  test('refuses a common password and leaves nothing behind', async () => {
    const details = newDetails()
    expect(
      await refusal(anyone.user.signUp({ type: 'BUYER', name: 'Bob', ...details, password: 'password123' })),
    ).toBe('422 password-too-common')
    expect((await anyone.user.signUp({ type: 'BUYER', name: 'Bob', ...details })).status).toBe(201)
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
    const wrong = await failedLogIn({ login: email, password: 'not the password' })
    const unknown = await failedLogIn({ login: newDetails().email, password: 'not the password' })
    expect(wrong).toEqual(unknown)
    expect(wrong).toMatchObject({ status: 401, code: 'wrong-credentials' })
  })

  test('opens every service, and log-out closes it in every service', async () => {
    const seller = await newPerson('SELLER')
    const buyer = await newPerson('BUYER')
    const doors = {
      user: (session: string) => bazaarOf({ session }).user.readProfile(),
      inventory: () => bazaarOf(seller).inventory.listOwnProducts(),
      order: (session: string) => bazaarOf({ session }).order.listOrders(),
    }
    expect((await doors.user(buyer.session)).status).toBe(200)
    expect((await doors.order(buyer.session)).status).toBe(200)
    expect((await doors.inventory()).status).toBe(200)

    expect((await bazaarOf(buyer).user.logOut()).status).toBe(204)
    expect((await bazaarOf(seller).user.logOut()).status).toBe(204)
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
    const { body: second } = await anyone.user.logIn({ login: person.email, password: person.password })
    const { body: listed } = await bazaarOf(second).user.listSessions()
    expect(listed.items).toHaveLength(2)
    expect(listed.items.filter((one) => one.current)).toHaveLength(1)
    await bazaarOf(second).user.logOutEverywhere()
    for (const session of [person.session, second.session]) {
      expect(await refusal(bazaarOf({ session }).user.readProfile())).toBe('401 unauthenticated')
    }
  })

  test('is one of a list of which each can be ended', async () => {
    const person = await newPerson('BUYER')
    const { body: second } = await anyone.user.logIn({ login: person.email, password: person.password })
    await bazaarOf(person).user.endSession({ sessionId: second.sessionId })
    expect(await refusal(bazaarOf(second).user.readProfile())).toBe('401 unauthenticated')
    expect((await bazaarOf(person).user.readProfile()).status).toBe(200)
  })
})

describe('a profile', () => {
  test('changes, and asks for the password again before its e-mail address does', async () => {
    const { session, password } = await newPerson('BUYER')
    const { body: renamed } = await bazaarOf({ session }).user.changeProfile({ name: 'Ada King' })
    expect(renamed).toMatchObject({ name: 'Ada King', version: 2 })
    const { email } = newDetails()
    expect(await refusal(bazaarOf({ session }).user.changeProfile({ email }))).toBe(
      '403 reauthentication-required',
    )
    expect(
      await refusal(bazaarOf({ session }).user.changeProfile({ email, currentPassword: 'wrong one' })),
    ).toBe('401 wrong-credentials')
    expect(
      (await bazaarOf({ session }).user.changeProfile({ email, currentPassword: password })).body.email,
    ).toBe(email)
    expect((await anyone.user.logIn({ login: email, password })).status).toBe(201)
  })

  test('gets a new password, which ends the other sessions', async () => {
    const { session, email, password } = await newPerson('BUYER')
    const { body: other } = await anyone.user.logIn({ login: email, password })
    const newPassword = `${password} and more`
    await bazaarOf({ session }).user.changePassword({ currentPassword: password, newPassword })
    expect(await refusal(bazaarOf(other).user.readProfile())).toBe('401 unauthenticated')
    expect(await refusal(anyone.user.logIn({ login: email, password }))).toBe('401 wrong-credentials')
    expect((await anyone.user.logIn({ login: email, password: newPassword })).status).toBe(201)
  })

  test('is gone when the account is closed', async () => {
    const { session, email, password, id } = await newPerson('SELLER', 'Short-lived shop')
    expect((await anyone.user.readSeller({ sellerId: id })).body.name).toBe('Short-lived shop')
    await bazaarOf({ session }).user.closeAccount({ currentPassword: password })
    expect(await refusal(bazaarOf({ session }).user.readProfile())).toBe('401 unauthenticated')
    expect(await refusal(anyone.user.logIn({ login: email, password }))).toBe('401 wrong-credentials')
    expect(await refusal(anyone.user.readSeller({ sellerId: id }))).toBe('404 not-found')
  })
})

describe('an account that others count on', () => {
  test('of a buyer is not closed before the order is sent or cancelled', async () => {
    const { buyer, cup } = await market()
    const { body: placed } = await place(buyer, [{ productId: cup, quantity: 1 }])
    const orderId = placed.id
    const close = () => bazaarOf(buyer).user.closeAccount({ currentPassword: buyer.password })
    const refused = problemOf(await close().catch((error: unknown) => error))
    expect(refused).toMatchObject({ code: 'open-business', orderIds: [orderId], productIds: [] })
    expect((await bazaarOf(buyer).user.readProfile()).status).toBe(200)

    await bazaarOf(buyer).order.cancelOrder({ orderId })
    expect((await close()).status).toBe(204)
  })

  test('of a seller is not closed before the goods are archived and what was sold has arrived', async () => {
    const { anna, buyer, cup } = await market()
    const close = () => bazaarOf(anna).user.closeAccount({ currentPassword: anna.password })
    const openBusiness = async () => {
      const refused = problemOf(await close().catch((error: unknown) => error))
      expect(refused?.code).toBe('open-business')
      return refused
    }
    expect(await openBusiness()).toMatchObject({ productIds: [cup], orderIds: [] })

    const { body: placed } = await place(buyer, [{ productId: cup, quantity: 1 }])
    const orderId = placed.id
    await bazaarOf(anna).inventory.archiveProduct({ productId: cup })
    expect(await openBusiness()).toMatchObject({ productIds: [], orderIds: [orderId] })

    const { order } = bazaarOf(anna)
    await order.shipSale({ orderId })
    expect(await openBusiness()).toMatchObject({ productIds: [], orderIds: [orderId] })
    await order.deliverSale({ orderId })
    expect((await close()).status).toBe(204)
  })
})

describe('an address book', () => {
  test('has exactly one default after any changes at once', async () => {
    const { session } = await newPerson('BUYER')
    const added = await Promise.all(
      Array.from({ length: 6 }, () => bazaarOf({ session }).user.addAddress({ ...home, isDefault: true })),
    )
    await Promise.all(
      added.map(({ body }) => bazaarOf({ session }).user.makeDefaultAddress({ addressId: body.id })),
    )
    const { body: all } = await bazaarOf({ session }).user.listAddresses()
    expect(all.items).toHaveLength(7)
    expect(all.items.filter((address) => address.isDefault)).toHaveLength(1)

    const [first] = all.items
    await bazaarOf({ session }).user.deleteAddress({ addressId: first?.id ?? '' })
    const { body: left } = await bazaarOf({ session }).user.listAddresses()
    expect(left.items.filter((address) => address.isDefault)).toHaveLength(1)
  })

  test('is nobody else’s to read or change', async () => {
    const owner = await newPerson('BUYER')
    const stranger = await newPerson('BUYER')
    const { user } = bazaarOf(stranger)
    const { addressId } = owner
    expect(await refusal(user.readAddress({ addressId }))).toBe('404 not-found')
    expect(await refusal(user.changeAddress({ addressId, ...home }))).toBe('404 not-found')
    expect(await refusal(user.deleteAddress({ addressId }))).toBe('404 not-found')
    expect(await refusal(user.readAddress({ addressId: newKey() }))).toBe('404 not-found')
  })
})

async function failedLogIn(body: object): Promise<unknown> {
  const answer = await fetch(`${urls.user}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { instance: _instance, ...problem } = (await answer.json()) as Record<string, unknown>
  return problem
}
