import { describe, expect, test } from 'bun:test'
import { MatchersV3 } from '@pact-foundation/pact'
import { connectIam, type Iam, passedOn } from '../../services/user/src/accounts/iam.ts'
import { exampleKey, IDS } from '../examples.ts'
import { type IamStates, statesOf } from '../states.ts'
import { type Agreement, agree } from './agree.ts'
import { countsAsAway, failureOf, refusalUntilLater, refusalWith } from './answers.ts'
import { openPact } from './pact.ts'
import { troublesOf } from './troubles.ts'

/*
 * What the user service needs of the identity service: to set, check, change and forget passwords, with its own
 * client (timeouts, retries, circuit breaker) and with what it makes of the refusals.
 */

const pact = openPact('user', 'iam')
const given = statesOf<IamStates>()

const KEY = exampleKey(1)
const userId = IDS.buyer
const PASSWORD = 'correct horse battery staple'
const ANOTHER = 'a quiet lake at four in the morning'
const COMMON = 'password123'

const holder = { key: KEY, caller: 'user', scopes: ['credentials:write', 'credentials:verify'] }
const withKey = given('an API key', holder)
const withPassword = given('a user has a password', { userId, password: PASSWORD })
const withoutPassword = given('a user has no password', { userId })

const setRequest = (password: string): Agreement['request'] => ({
  method: 'PUT',
  path: `/credentials/${userId}`,
  headers: { 'X-API-Key': KEY },
  body: { password },
})
const verifyRequest = (password: string): Agreement['request'] => ({
  method: 'POST',
  path: '/authentications',
  headers: { 'X-API-Key': KEY },
  body: { userId, password },
})
const changeRequest = (currentPassword: string, newPassword: string): Agreement['request'] => ({
  method: 'POST',
  path: `/credentials/${userId}/password`,
  headers: { 'X-API-Key': KEY },
  body: { currentPassword, newPassword },
})
const readRequest: Agreement['request'] = {
  method: 'GET',
  path: `/credentials/${userId}`,
  headers: { 'X-API-Key': KEY },
}
const resetRequest = (newPassword: string, credentialVersion: number): Agreement['request'] => ({
  method: 'PUT',
  path: `/credentials/${userId}/password`,
  headers: { 'X-API-Key': KEY },
  body: { newPassword, credentialVersion },
})
const deleteRequest: Agreement['request'] = {
  method: 'DELETE',
  path: `/credentials/${userId}`,
  headers: { 'X-API-Key': KEY },
}

const set = (iam: Iam, password = PASSWORD) => iam.setCredential({ params: { userId }, body: { password } })
const verify = (iam: Iam, password = PASSWORD) => iam.verifyCredential({ body: { userId, password } })
const change = (iam: Iam, currentPassword = PASSWORD, newPassword = ANOTHER) =>
  iam.changePassword({ params: { userId }, body: { currentPassword, newPassword } })
const readVersion = (iam: Iam) => iam.readCredential({ params: { userId } })
const reset = (iam: Iam, newPassword = ANOTHER, credentialVersion = 1) =>
  iam.resetPassword({ params: { userId }, body: { newPassword, credentialVersion } })
const forget = (iam: Iam) => iam.deleteCredential({ params: { userId } })

/** States an interaction that the user service takes as `use` says. */
function interaction(agreement: Agreement, use: (iam: Iam) => Promise<unknown>): void {
  test(agreement.description, () =>
    agree(pact, agreement, (url) => use(connectIam({ baseUrl: url, apiKey: KEY }))),
  )
}

describe('sign-up sets a password', () => {
  interaction(
    {
      description: 'setCredential: for a new user',
      given: [withKey, withoutPassword],
      request: setRequest(PASSWORD),
      response: { status: 204 },
    },
    set,
  )
  interaction(
    {
      description: 'setCredential: the same again, because the first answer got lost',
      given: [withKey, withPassword],
      request: setRequest(PASSWORD),
      response: { status: 204 },
    },
    set,
  )
  interaction(
    {
      description: 'setCredential: the user has another password',
      given: [withKey, withPassword],
      request: setRequest(ANOTHER),
      response: refusalWith(409, 'credential-exists'),
    },
    async (iam) => expect(await failureOf(set(iam, ANOTHER))).toMatchObject({ code: 'credential-exists' }),
  )
  interaction(
    {
      description: 'setCredential: the password is a common one',
      given: [withKey, withoutPassword],
      request: setRequest(COMMON),
      response: refusalWith(422, 'password-too-common', {
        errors: [{ pointer: '/password', code: 'too-common' }],
      }),
    },
    (iam) => isPassedOn(set(iam, COMMON), 'password-too-common', '/password', 'too-common'),
  )
})

describe('log-in checks a password', () => {
  interaction(
    {
      description: 'verifyCredential: the password is right',
      given: [withKey, withPassword],
      request: verifyRequest(PASSWORD),
      response: { status: 200, body: { userId, credentialVersion: MatchersV3.integer(1) } },
    },
    verify,
  )
  interaction(
    {
      description: 'verifyCredential: the password is wrong',
      given: [withKey, withPassword],
      request: verifyRequest(ANOTHER),
      response: refusalWith(401, 'wrong-credentials'),
    },
    (iam) => isPassedOn(verify(iam, ANOTHER), 'wrong-credentials'),
  )
  interaction(
    {
      description: 'verifyCredential: there is no such user',
      given: [withKey, withoutPassword],
      request: verifyRequest(PASSWORD),
      response: refusalWith(401, 'wrong-credentials'),
    },
    (iam) => isPassedOn(verify(iam), 'wrong-credentials'),
  )
})

describe('a user changes their password', () => {
  interaction(
    {
      description: 'changePassword: the present one is right',
      given: [withKey, withPassword],
      request: changeRequest(PASSWORD, ANOTHER),
      response: { status: 204 },
    },
    change,
  )
  interaction(
    {
      description: 'changePassword: the present one is wrong',
      given: [withKey, withPassword],
      request: changeRequest(COMMON, ANOTHER),
      response: refusalWith(401, 'wrong-credentials'),
    },
    (iam) => isPassedOn(change(iam, COMMON), 'wrong-credentials'),
  )
  interaction(
    {
      description: 'changePassword: the new one is a common one',
      given: [withKey, withPassword],
      request: changeRequest(PASSWORD, COMMON),
      response: refusalWith(422, 'password-too-common', {
        errors: [{ pointer: '/newPassword', code: 'too-common' }],
      }),
    },
    (iam) => isPassedOn(change(iam, PASSWORD, COMMON), 'password-too-common', '/newPassword', 'too-common'),
  )
  interaction(
    {
      description: 'changePassword: the new one is the present one',
      given: [withKey, withPassword],
      request: changeRequest(PASSWORD, PASSWORD),
      response: refusalWith(422, 'password-unchanged', {
        errors: [{ pointer: '/newPassword', code: 'unchanged' }],
      }),
    },
    (iam) => isPassedOn(change(iam, PASSWORD, PASSWORD), 'password-unchanged', '/newPassword', 'unchanged'),
  )
})

describe('a user who forgot the password sets another', () => {
  interaction(
    {
      description: 'readCredential: of a user who has one',
      given: [withKey, withPassword],
      request: readRequest,
      response: { status: 200, body: { userId, credentialVersion: MatchersV3.integer(1) } },
    },
    readVersion,
  )
  interaction(
    {
      description: 'readCredential: of a user who has none',
      given: [withKey, withoutPassword],
      request: readRequest,
      response: refusalWith(404, 'not-found'),
    },
    async (iam) => expect(await failureOf(readVersion(iam))).toMatchObject({ code: 'not-found' }),
  )
  interaction(
    {
      description: 'resetPassword: the credential has this version',
      given: [withKey, withPassword],
      request: resetRequest(ANOTHER, 1),
      response: { status: 204 },
    },
    reset,
  )
  interaction(
    {
      description: 'resetPassword: the credential has another version',
      given: [withKey, withPassword],
      request: resetRequest(ANOTHER, 7),
      response: refusalWith(409, 'credential-changed'),
    },
    async (iam) =>
      expect(await failureOf(reset(iam, ANOTHER, 7))).toMatchObject({ code: 'credential-changed' }),
  )
  interaction(
    {
      description: 'resetPassword: the new one is a common one',
      given: [withKey, withPassword],
      request: resetRequest(COMMON, 1),
      response: refusalWith(422, 'password-too-common', {
        errors: [{ pointer: '/newPassword', code: 'too-common' }],
      }),
    },
    (iam) => isPassedOn(reset(iam, COMMON), 'password-too-common', '/newPassword', 'too-common'),
  )
})

describe('closing an account forgets a password', () => {
  interaction(
    {
      description: 'deleteCredential: of a user who has one',
      given: [withKey, withPassword],
      request: deleteRequest,
      response: { status: 204 },
    },
    forget,
  )
  interaction(
    {
      description: 'deleteCredential: again, because the first answer got lost',
      given: [withKey, withoutPassword],
      request: deleteRequest,
      response: { status: 204 },
    },
    forget,
  )
})

const operations = [
  { name: 'setCredential', request: setRequest(PASSWORD), call: set, isHashing: true },
  { name: 'verifyCredential', request: verifyRequest(PASSWORD), call: verify, isHashing: true },
  { name: 'changePassword', request: changeRequest(PASSWORD, ANOTHER), call: change, isHashing: true },
  { name: 'readCredential', request: readRequest, call: readVersion, isHashing: false },
  { name: 'resetPassword', request: resetRequest(ANOTHER, 1), call: reset, isHashing: true },
  { name: 'deleteCredential', request: deleteRequest, call: forget, isHashing: false },
]

describe.each(operations)('$name in trouble', ({ name, request, call, isHashing }) => {
  for (const { agreement, expected } of troublesOf({ name, provider: 'iam', request, holder }))
    interaction(agreement, (iam) => countsAsAway(call(iam), expected))
  if (!isHashing) return
  interaction(
    {
      description: `${name}: too many are being checked`,
      given: [withKey, withPassword, given('too many passwords are being checked', { checks: 64 })],
      request,
      response: refusalUntilLater(429, 'too-many-requests'),
    },
    async (iam) =>
      expect(await failureOf(passedOn<unknown>(call(iam)))).toMatchObject({
        code: 'too-many-requests',
        retryAfterSeconds: 2,
      }),
  )
})

/** The refusal reaches whoever asked the user service, with the field it is about. */
async function isPassedOn(
  call: Promise<unknown>,
  code: string,
  pointer?: string,
  fieldCode?: string,
): Promise<void> {
  const error = await failureOf(passedOn(call))
  expect(error).toMatchObject({ name: 'DomainError', code })
  if (pointer) expect(error).toMatchObject({ errors: [{ pointer, code: fieldCode }] })
}
