import { t } from 'elysia'
import { NEW_PASSWORD_EXAMPLE, password, presentedPassword } from './iam.ts'
import { defineApi } from './operation.ts'
import {
  emailAddress,
  id,
  instant,
  integer,
  language,
  line,
  maybeLine,
  mobileNumber,
  nothing,
  writtenEmailAddress,
  writtenMobileNumber,
} from './schema.ts'
import { text } from './text/free-text.ts'

const userType = t.Union([t.Literal('BUYER'), t.Literal('SELLER')], {
  description: 'Buyers order, sellers sell; nobody is both',
})

/** A user’s own view of their account. */
export const user = t.Object(
  {
    id: id('The id of the user'),
    type: userType,
    name: line({
      maxLength: 120,
      description: 'The name of a buyer, or of a shop',
      examples: ['Ada Lovelace'],
    }),
    email: emailAddress,
    emailVerifiedAt: t.Union([instant('When its owner showed that it is theirs'), t.Null()], {
      examples: [null],
    }),
    mobileNumber,
    language: t.Optional(language),
    createdAt: instant('When they signed up'),
    version: integer({ minimum: 1, maximum: 1e9, description: 'Grows with each change; the ETag' }),
  },
  { title: 'User' },
)

const session = t.Object(
  {
    sessionId: id('Names the session; is not the key to it'),
    createdAt: instant('When it began'),
    expiresAt: instant('When it ends at the latest'),
    current: t.Boolean({ description: 'Whether it is the one that asks' }),
  },
  { title: 'Session' },
)

// Looked up and not kept, so nothing else is demanded of it: a wrong one is wrong and not malformed.
const login = text({
  pattern: '^\\s*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*\\s*$',
  minLength: 1,
  maxLength: 254,
  description:
    'An e-mail address or a mobile number with the code of its country, written in any way that sign-up takes',
  examples: ['ada@example.com'],
})

const linkToken = t.String({
  pattern: '^[A-Za-z0-9_-]{43}$',
  maxLength: 43,
  'x-format': 'password',
  description: 'The token of the link in the letter',
  examples: ['Zm9yIGV4YW1wbGUgb25seSwgbm90IGEgcmVhbCBrZXk'],
})

const postalCode = {
  maxLength: 16,
  description: 'May be left out only where mail has none, as in Hong Kong',
  examples: ['10117'],
}

const addressFields = {
  kind: t.Union([t.Literal('HOME'), t.Literal('WORK'), t.Literal('OTHER')]),
  recipient: line({ maxLength: 120, description: 'Whose name is on the parcel', examples: ['Ada Lovelace'] }),
  line1: line({ maxLength: 120, description: 'Street and number', examples: ['Unter den Linden 5'] }),
  line2: t.Optional(line({ maxLength: 120, examples: ['Second floor'] })),
  city: line({ maxLength: 80, examples: ['Berlin'] }),
  region: t.Optional(line({ maxLength: 80, description: 'State or province', examples: ['Berlin'] })),
  postalCode: t.Optional(line(postalCode)),
  country: t.String({
    pattern: '^[A-Z]{2}$',
    maxLength: 2,
    description: 'ISO 3166-1 alpha-2, or XK for Kosovo',
    examples: ['DE'],
  }),
}

/** What an address is written with. What need not be there may also be empty or null. */
const writtenAddressFields = {
  ...addressFields,
  line2: t.Optional(maybeLine({ maxLength: 120, examples: ['Second floor'] })),
  region: t.Optional(maybeLine({ maxLength: 80, description: 'State or province', examples: ['Berlin'] })),
  postalCode: t.Optional(maybeLine(postalCode)),
}

/** Most countries have postal codes, so an example has one though it may be left out. */
const writtenAddress = {
  examples: [
    {
      kind: 'HOME',
      recipient: 'Ada Lovelace',
      line1: 'Unter den Linden 5',
      city: 'Berlin',
      postalCode: '10117',
      country: 'DE',
    },
  ],
}

/** An address of a user. Exactly one of their addresses is the default. */
export const address = t.Object(
  { id: id('The id of the address'), ...addressFields, isDefault: t.Boolean() },
  { title: 'Address' },
)

const addressParams = t.Object({ addressId: id('The id of the address') })

/** Everything the user service does: people, their sessions and their addresses. */
export const userApi = defineApi({
  service: 'user',
  title: 'Bazaar User',
  description:
    'Buyers and sellers: sign-up, log-in, profile, addresses. A log-in gives a session key, which every service then wants in the header `SESSION`.',
  operations: {
    signUp: {
      method: 'POST',
      path: '/users',
      detail: {
        tags: ['Sign-up and log-in'],
        summary: 'Sign up as a buyer or a seller',
        description:
          'Repeat the request unchanged if the answer got lost or was a 503: nobody is signed up twice or by halves.',
      },
      access: 'anyone',
      answerHeaders: ['Location'],
      cost: 20,
      audit: 'sign-up',
      body: t.Object({
        type: userType,
        name: line({ maxLength: 120, examples: ['Ada Lovelace'] }),
        email: writtenEmailAddress,
        mobileNumber: writtenMobileNumber,
        language: t.Optional(language),
        password,
      }),
      response: { 201: user },
      problems: ['email-taken', 'mobile-number-taken', 'password-too-common', 'too-many-requests'],
    },
    logIn: {
      method: 'POST',
      path: '/sessions',
      detail: { tags: ['Sign-up and log-in'], summary: 'Log in by e-mail or mobile number' },
      access: 'anyone',
      cost: 20,
      audit: 'log-in',
      commits: false,
      body: t.Object({
        login,
        password: presentedPassword,
      }),
      response: {
        201: t.Object({
          session: text({
            maxLength: 64,
            description: 'The key to send in the header SESSION; shown this once',
            examples: ['Zm9yIGV4YW1wbGUgb25seSwgbm90IGEgcmVhbCBrZXk'],
          }),
          sessionId: id('Names the session'),
          userId: id('Who logged in'),
          userType,
          expiresAt: instant('When the session ends at the latest'),
        }),
      },
      problems: ['wrong-credentials', 'too-many-requests'],
    },
    askForPasswordReset: {
      method: 'POST',
      path: '/password-resets',
      detail: {
        tags: ['Sign-up and log-in'],
        summary: 'Ask for a link to set a new password',
        description:
          'Answered alike whether there is such a user or not. A user gets a letter with a link that works once, for thirty minutes.',
      },
      access: 'anyone',
      cost: 20,
      audit: 'password-reset-request',
      body: t.Object({ login }),
      response: { 202: nothing },
    },
    resetPassword: {
      method: 'POST',
      path: '/password-resets/used',
      detail: {
        tags: ['Sign-up and log-in'],
        summary: 'Set a new password with the token of a link; ends all sessions',
        description: 'Repeat the request unchanged if the answer got lost or was a 503.',
      },
      access: 'anyone',
      cost: 20,
      audit: 'password-reset',
      body: t.Object({
        token: linkToken,
        newPassword: password,
      }),
      response: { 204: nothing },
      problems: ['wrong-credentials', 'password-too-common', 'too-many-requests'],
    },
    logOut: {
      method: 'DELETE',
      path: '/sessions/current',
      detail: { tags: ['Sign-up and log-in'], summary: 'Log out' },
      access: { session: 'any', others: 'have-their-own' },
      audit: 'log-out',
      commits: false,
      response: { 204: nothing },
    },
    logOutEverywhere: {
      method: 'DELETE',
      path: '/sessions',
      detail: { tags: ['Sign-up and log-in'], summary: 'Log out everywhere, here too' },
      access: { session: 'any', others: 'have-their-own' },
      audit: 'log-out-everywhere',
      response: { 204: nothing },
    },
    listSessions: {
      method: 'GET',
      path: '/sessions',
      detail: { tags: ['Sign-up and log-in'], summary: 'List your sessions' },
      access: { session: 'any', others: 'have-their-own' },
      response: { 200: t.Object({ items: t.Array(session, { maxItems: 100 }) }) },
    },
    endSession: {
      method: 'DELETE',
      path: '/sessions/:sessionId',
      detail: { tags: ['Sign-up and log-in'], summary: 'End one of your sessions' },
      access: { session: 'any', others: 'not-found' },
      audit: 'session-end',
      commits: false,
      params: t.Object({ sessionId: id('One of the sessions listed') }),
      response: { 204: nothing },
      problems: ['not-found'],
    },
    readProfile: {
      method: 'GET',
      path: '/users/me',
      detail: { tags: ['Profile'], summary: 'Read your profile' },
      access: { session: 'any', others: 'have-their-own' },
      answerHeaders: ['ETag'],
      response: { 200: user },
    },
    changeProfile: {
      method: 'PATCH',
      path: '/users/me',
      detail: {
        tags: ['Profile'],
        summary: 'Change your name, mobile number, e-mail address or language',
        description:
          'Members that are left out stay unchanged. A new e-mail address or mobile number is a new login, so it needs the password again and ends your other sessions. Repeat the request if its answer got lost. With If-Match (one ETag, a list of them, or `*`) only what you have seen is changed; repeat it without.',
      },
      access: { session: 'any', others: 'have-their-own' },
      answerHeaders: ['ETag'],
      audit: 'profile-change',
      ifMatch: 'optional',
      body: t.Object(
        {
          name: t.Optional(line({ maxLength: 120 })),
          email: t.Optional(writtenEmailAddress),
          mobileNumber: t.Optional(writtenMobileNumber),
          language: t.Optional(language),
          currentPassword: t.Optional(presentedPassword),
        },
        { examples: [{ name: 'Ada King' }] },
      ),
      response: { 200: user },
      problems: [
        'email-taken',
        'mobile-number-taken',
        'reauthentication-required',
        'wrong-credentials',
        'too-many-requests',
      ],
    },
    changePassword: {
      method: 'POST',
      path: '/users/me/password',
      detail: { tags: ['Profile'], summary: 'Change your password; ends your other sessions' },
      access: { session: 'any', others: 'have-their-own' },
      cost: 20,
      audit: 'password-change',
      body: t.Object(
        { currentPassword: presentedPassword, newPassword: password },
        { examples: [NEW_PASSWORD_EXAMPLE] },
      ),
      response: { 204: nothing },
      problems: ['wrong-credentials', 'password-too-common', 'password-unchanged', 'too-many-requests'],
    },
    closeAccount: {
      method: 'POST',
      path: '/users/me/closure',
      detail: {
        tags: ['Profile'],
        summary: 'Close your account',
        description:
          'Ends all sessions, forgets the password and the addresses, and frees the e-mail address and the mobile number. An account that others still count on is not closed: a buyer first cancels orders that were not sent or waits for them, a seller archives the products and brings what was sold to its buyers. The refusal names up to twenty of each in `orderIds` and `productIds`; the other sessions have ended then, so that nothing new is begun in them.',
      },
      access: { session: 'any', others: 'have-their-own' },
      cost: 20,
      audit: 'account-closure',
      body: t.Object({ currentPassword: presentedPassword }),
      response: { 204: nothing },
      problems: ['wrong-credentials', 'open-business', 'too-many-requests'],
    },
    askForEmailVerification: {
      method: 'POST',
      path: '/email-verifications',
      detail: {
        tags: ['Profile'],
        summary: 'Ask for another link to verify your e-mail address',
        description:
          'Sign-up and a new e-mail address send one by themselves. It works once, for an hour. Nothing is sent to an address that is verified, or while three links work.',
      },
      access: { session: 'any', others: 'have-their-own' },
      cost: 20,
      audit: 'email-verification-request',
      response: { 202: nothing },
    },
    verifyEmail: {
      method: 'POST',
      path: '/email-verifications/used',
      detail: { tags: ['Profile'], summary: 'Verify an e-mail address with the token of a link' },
      access: 'anyone',
      cost: 20,
      audit: 'email-verification',
      body: t.Object({ token: linkToken }),
      response: { 204: nothing },
      problems: ['wrong-credentials'],
    },
    readSeller: {
      method: 'GET',
      path: '/sellers/:sellerId',
      detail: {
        tags: ['Sellers'],
        summary: 'Read the public profile of a seller',
        description: 'The answer has an ETag and may be kept for a minute.',
      },
      access: 'anyone',
      answerHeaders: ['ETag'],
      params: t.Object({ sellerId: id('The id of the seller') }),
      response: {
        200: t.Object({
          id: id('The id of the seller'),
          name: line({ maxLength: 120, examples: ['The Kettle Shop'] }),
          handle: t.String({
            pattern: '^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$',
            maxLength: 9,
            description:
              'Tells shops apart whose names are or look alike; given by Bazaar, never changed. Show it beside the name',
            examples: ['7K3M-9QXA'],
          }),
          sellerSince: instant('When they signed up'),
        }),
      },
      problems: ['not-found'],
    },
    listAddresses: {
      method: 'GET',
      path: '/users/me/addresses',
      detail: { tags: ['Addresses'], summary: 'List your addresses, the default first' },
      access: { session: 'any', others: 'have-their-own' },
      response: { 200: t.Object({ items: t.Array(address, { maxItems: 100 }) }) },
    },
    addAddress: {
      method: 'POST',
      path: '/users/me/addresses',
      detail: {
        tags: ['Addresses'],
        summary: 'Add an address',
        description: 'The first one becomes the default.',
      },
      access: { session: 'any', others: 'have-their-own' },
      answerHeaders: ['Location'],
      body: t.Object({ ...writtenAddressFields, isDefault: t.Optional(t.Boolean()) }, writtenAddress),
      response: { 201: address },
      problems: ['too-many-addresses', 'unknown-country', 'postal-code-missing'],
    },
    readAddress: {
      method: 'GET',
      path: '/users/me/addresses/:addressId',
      detail: { tags: ['Addresses'], summary: 'Read one of your addresses' },
      access: { session: 'any', others: 'not-found' },
      params: addressParams,
      response: { 200: address },
      problems: ['not-found'],
    },
    changeAddress: {
      method: 'PUT',
      path: '/users/me/addresses/:addressId',
      detail: {
        tags: ['Addresses'],
        summary: 'Replace one of your addresses',
        description: 'Whether it is the default stays as it is.',
      },
      access: { session: 'any', others: 'not-found' },
      params: addressParams,
      body: t.Object(writtenAddressFields, writtenAddress),
      response: { 200: address },
      problems: ['not-found', 'unknown-country', 'postal-code-missing'],
    },
    makeDefaultAddress: {
      method: 'PUT',
      path: '/users/me/addresses/:addressId/default',
      detail: { tags: ['Addresses'], summary: 'Make an address the default' },
      access: { session: 'any', others: 'not-found' },
      params: addressParams,
      response: { 200: address },
      problems: ['not-found'],
    },
    deleteAddress: {
      method: 'DELETE',
      path: '/users/me/addresses/:addressId',
      detail: {
        tags: ['Addresses'],
        summary: 'Delete one of your addresses',
        description: 'When it was the default, the one added last takes its place.',
      },
      access: { session: 'any', others: 'not-found' },
      params: addressParams,
      response: { 204: nothing },
      problems: ['not-found'],
    },
  },
  problems: {
    'wrong-credentials': { status: 401, title: 'Wrong credentials' },
    'reauthentication-required': { status: 403, title: 'The password is required again' },
    'email-taken': { status: 409, title: 'The e-mail address is in use' },
    'mobile-number-taken': { status: 409, title: 'The mobile number is in use' },
    'open-business': {
      status: 409,
      title: 'There are unfinished orders or products on offer',
      members: t.Object({
        orderIds: t.Array(id('An order'), { maxItems: 20, description: 'Orders that still need you' }),
        productIds: t.Array(id('A product'), { maxItems: 20, description: 'Your products on the market' }),
      }),
    },
    'too-many-addresses': { status: 409, title: 'There are too many addresses' },
    'password-too-common': { status: 422, title: 'The password is one of the most common' },
    'password-unchanged': { status: 422, title: 'The new password is the current one' },
    'unknown-country': { status: 422, title: 'There is no such country' },
    'postal-code-missing': { status: 422, title: 'The postal code is missing' },
  },
})
