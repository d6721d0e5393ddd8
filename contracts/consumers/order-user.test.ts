import { describe, expect, test } from 'bun:test'
import type { userApi } from '@bazaar/shared/api/user'
import type { Client } from '@bazaar/shared/clients/client'
import { userClient } from '@bazaar/shared/clients/user'
import { MatchersV3 } from '@pact-foundation/pact'
import { exampleSession, IDS } from '../examples.ts'
import { statesOf, type UserStates } from '../states.ts'
import { type Agreement, agree } from './agree.ts'
import { countsAsAway, failureOf, refusalUntilLater, refusalWith } from './answers.ts'
import { openPact } from './pact.ts'

/* What the order service needs of the user service: the address that a buyer chose, read with the buyer's own session. */

const pact = openPact('order', 'user')
const given = statesOf<UserStates>()

const session = exampleSession(1)
const userId = IDS.buyer
const addressId = IDS.address
const NEEDED = {
  recipient: 'Ada Lovelace',
  line1: 'Unter den Linden 5',
  city: 'Berlin',
  postalCode: '10117',
  country: 'DE',
}
const COMPLETE = { ...NEEDED, line2: 'Second floor', region: 'Berlin' }
const loggedIn = given('a buyer is logged in', { userId, session })
const hasAddress = given('a user has an address', { userId, addressId, ...NEEDED })

const request: Agreement['request'] = {
  method: 'GET',
  path: `/users/me/addresses/${addressId}`,
  headers: { SESSION: session },
}
/** The client does not take an address without these, whatever is done with it then. */
const about = {
  id: addressId,
  kind: MatchersV3.regex('^(HOME|WORK|OTHER)$', 'HOME'),
  isDefault: MatchersV3.boolean(false),
}

const read = (users: Client<typeof userApi>) => users.readAddress({ params: { addressId }, session })

/** States an interaction that the order service takes as `use` says. */
function interaction(agreement: Agreement, use: (users: Client<typeof userApi>) => Promise<unknown>): void {
  test(agreement.description, () =>
    agree(pact, agreement, (url) => use(userClient({ baseUrl: url, retriesMax: 0 }))),
  )
}

describe('an order copies the address it goes to', () => {
  interaction(
    {
      description: 'readAddress: with everything an address can have',
      given: [loggedIn, given('a user has an address', { userId, addressId, ...COMPLETE })],
      request,
      response: { status: 200, body: { ...about, ...COMPLETE } },
    },
    async (users) => expect((await read(users)).body).toMatchObject(COMPLETE),
  )
  interaction(
    {
      description: 'readAddress: with what an address must have',
      given: [loggedIn, hasAddress],
      request,
      response: { status: 200, body: { ...about, ...NEEDED } },
    },
    async (users) => expect((await read(users)).body).toMatchObject(NEEDED),
  )
  interaction(
    {
      description: 'readAddress: the buyer has no such address',
      given: [loggedIn, given('a user has no such address', { userId, addressId })],
      request,
      response: refusalWith(404, 'not-found'),
    },
    async (users) => expect(await failureOf(read(users))).toMatchObject({ status: 404, code: 'not-found' }),
  )
  interaction(
    {
      description: 'readAddress: the buyer has just logged out',
      given: [given('nobody is logged in', { session }), hasAddress],
      request,
      response: refusalWith(401, 'unauthenticated'),
    },
    async (users) =>
      expect(await failureOf(read(users))).toMatchObject({ status: 401, code: 'unauthenticated' }),
  )
  interaction(
    {
      description: 'readAddress: the database is away',
      given: [loggedIn, given('the database cannot be reached', { database: 'user' })],
      request,
      response: refusalUntilLater(503, 'dependency-unavailable'),
    },
    (users) =>
      countsAsAway(read(users), { status: 503, code: 'dependency-unavailable', retryAfterSeconds: 2 }),
  )
})
