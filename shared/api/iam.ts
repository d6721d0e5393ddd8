import { t } from 'elysia'
import { apiKeyOperations, apiKeyProblems } from './api-keys.ts'
import { defineApi } from './operation.ts'
import { id, integer, nothing } from './schema.ts'
import { text } from './text/free-text.ts'

const ACCENT = '[\\u0300-\\u036f]'

/** How long a password may be, in characters of any script. */
export const PASSWORD_LENGTH = { min: 8, max: 256 }

/**
 * A password as it is typed: every character counts, blanks too. The pattern counts a letter with an accent of its own
 * as one: four of those are no password.
 */
export const password = text({
  minLength: PASSWORD_LENGTH.min,
  maxLength: PASSWORD_LENGTH.max,
  pattern: `^${ACCENT}*(?:(?:[\\ud800-\\udbff][\\udc00-\\udfff]|[^\\ud800-\\udfff\\u0300-\\u036f])${ACCENT}*){${PASSWORD_LENGTH.min},}$`,
  'x-format': 'password',
  description:
    '8 to 256 characters, not one of the common ones. It is compared in Unicode’s composed form (NFC), so it does not matter how a keyboard puts accents together; everything else does',
  examples: ['correct horse battery staple'],
})

/** What is checked against a credential: any text, because a wrong one is wrong and not malformed. */
export const presentedPassword = text({
  maxLength: PASSWORD_LENGTH.max,
  'x-format': 'password',
  examples: ['correct horse battery staple'],
})

/** A user who proves their password and chooses another. */
export const NEW_PASSWORD_EXAMPLE = {
  currentPassword: 'correct horse battery staple',
  newPassword: 'a quiet lake at four in the morning',
}

const credential = t.Object({
  userId: id('The id of the user'),
  credentialVersion: integer({
    minimum: 1,
    maximum: 1e9,
    description: 'Grows with each change of the password',
  }),
})

const userId = t.Object({ userId: id('The id of the user whose credential this is') })

/** Everything the identity service does. Only services with an API key are answered. */
export const iamApi = defineApi({
  service: 'iam',
  title: 'Bazaar IAM',
  description:
    'Keeps the credentials of users, hashed, and says whether a password is right. Answers only to services that present an API key.',
  operations: {
    setCredential: {
      method: 'PUT',
      path: '/credentials/:userId',
      detail: {
        tags: ['Credentials'],
        summary: 'Set the password of a new user',
        description:
          'Repeatable with the same password: sign-up may be tried again. Another password is refused once one is set.',
      },
      access: { key: 'credentials:write' },
      audit: 'credential-set',
      params: userId,
      body: t.Object({ password }),
      response: { 204: nothing },
      problems: ['password-too-common', 'credential-exists'],
    },
    verifyCredential: {
      method: 'POST',
      path: '/authentications',
      detail: {
        tags: ['Credentials'],
        summary: 'Check a password',
        description: 'Unknown users and wrong passwords are answered alike and cost the same work.',
      },
      access: { key: 'credentials:verify' },
      audit: 'credential-check',
      commits: false,
      body: t.Object({ userId: id('Who claims to be logging in'), password: presentedPassword }),
      response: {
        200: credential,
      },
      problems: ['wrong-credentials', 'too-many-requests'],
    },
    changePassword: {
      method: 'POST',
      path: '/credentials/:userId/password',
      detail: { tags: ['Credentials'], summary: 'Change a password, proving the present one' },
      access: { key: 'credentials:write' },
      audit: 'credential-change',
      params: userId,
      body: t.Object(
        { currentPassword: presentedPassword, newPassword: password },
        { examples: [NEW_PASSWORD_EXAMPLE] },
      ),
      response: { 204: nothing },
      problems: ['wrong-credentials', 'password-too-common', 'password-unchanged', 'too-many-requests'],
    },
    readCredential: {
      method: 'GET',
      path: '/credentials/:userId',
      detail: { tags: ['Credentials'], summary: 'Read the version of a credential' },
      access: { key: 'credentials:verify' },
      params: userId,
      response: { 200: credential },
      problems: ['not-found'],
    },
    resetPassword: {
      method: 'PUT',
      path: '/credentials/:userId/password',
      detail: {
        tags: ['Credentials'],
        summary: 'Set another password without the present one',
        description:
          'Refused unless the credential still has that version, so it can be done once, and not after any other change. Repeatable with the same password.',
      },
      access: { key: 'credentials:write' },
      audit: 'credential-reset',
      params: userId,
      body: t.Object({
        newPassword: password,
        credentialVersion: integer({
          minimum: 1,
          maximum: 1e9,
          description: 'The version of the credential to replace',
        }),
      }),
      response: { 204: nothing },
      problems: ['credential-changed', 'password-too-common', 'too-many-requests'],
    },
    deleteCredential: {
      method: 'DELETE',
      path: '/credentials/:userId',
      detail: {
        tags: ['Credentials'],
        summary: 'Forget a credential',
        description: 'Repeatable: forgetting what is not there succeeds.',
      },
      access: { key: 'credentials:write' },
      audit: 'credential-removal',
      params: userId,
      response: { 204: nothing },
    },
    ...apiKeyOperations,
  },
  problems: {
    'wrong-credentials': { status: 401, title: 'Wrong credentials' },
    'credential-changed': { status: 409, title: 'The password was changed in the meantime' },
    'credential-exists': { status: 409, title: 'The user already has another password' },
    'password-too-common': { status: 422, title: 'The password is one of the most common' },
    'password-unchanged': { status: 422, title: 'The new password is the current one' },
    ...apiKeyProblems,
  },
})
