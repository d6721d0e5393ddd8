import type { PlantInFunction } from '../../plants/plant.ts'
import type { ServiceName } from '../system/stack.ts'

/** Something that keeps people out, what the source is without it, and the test that must notice. */
export type Removal = {
  /** What is gone, in words. */
  what: string
  service: ServiceName
  plants: readonly PlantInFunction[]
  /** The file of tests, the name of one in it, and what its failure says: red for another reason proves nothing. */
  red: { file: string; test: string; says: string }
}

const ACCESS = 'callers/access.test.ts'
const anotherBuyer = { file: ACCESS, test: 'refused are another buyer', says: 'in place of' }
const anotherSeller = { file: ACCESS, test: 'refused are another seller', says: 'in place of' }

const owners: Removal[] = [
  {
    what: 'the owner check of reading an order',
    service: 'order',
    plants: [
      {
        file: 'services/order/src/orders/order-store.ts',
        within: 'findOrder',
        find: 'eq(orders.buyerId, buyerId)',
        put: 'buyerId ? undefined : eq(orders.buyerId, buyerId)',
      },
    ],
    red: anotherBuyer,
  },
  {
    what: 'the owner check of cancelling an order',
    service: 'order',
    plants: [
      {
        file: 'services/order/src/cancelling/cancel-order.ts',
        within: 'cancelOrder',
        find: '|| order.buyerId !== buyer.userId',
        put: '',
      },
    ],
    red: anotherBuyer,
  },
  {
    what: 'the owner check of paying an order',
    service: 'order',
    plants: [
      {
        file: 'services/order/src/payment/pay-order.ts',
        within: 'keepPayment',
        find: '|| order.buyerId !== actorId',
        put: '',
      },
    ],
    red: anotherBuyer,
  },
  {
    what: 'the owner check of a sale',
    service: 'order',
    plants: [
      {
        file: 'services/order/src/sales/sale-store.ts',
        within: 'listSales',
        find: 'eq(orderParts.sellerId, filter.sellerId),',
        put: '',
      },
    ],
    red: anotherSeller,
  },
  {
    what: 'the owner check of a product',
    service: 'inventory',
    plants: [
      {
        file: 'services/inventory/src/catalogue/product.ts',
        within: 'ownedBy',
        find: 'if (product.sellerId !== sellerId) throw notYourProduct()',
        put: '',
      },
    ],
    red: anotherSeller,
  },
  {
    what: 'the owner check of an address',
    service: 'user',
    plants: [
      {
        file: 'services/user/src/addresses/address-store.ts',
        within: 'isAddress',
        find: 'return and(eq(addresses.userId, userId), eq(addresses.id, addressId))',
        put: 'return and(userId ? undefined : eq(addresses.userId, userId), eq(addresses.id, addressId))',
      },
    ],
    red: anotherBuyer,
  },
  {
    what: 'the words that make somebody else’s order look like none',
    service: 'order',
    plants: [
      {
        file: 'services/order/src/cancelling/cancel-order.ts',
        within: 'cancelOrder',
        find: 'if (!order || order.buyerId !== buyer.userId) throw orderNotFound()',
        put: "if (!order) throw orderNotFound()\n if (order.buyerId !== buyer.userId) throw new (orderNotFound().constructor as ErrorConstructor)('not-found', 'It is not yours' as never)",
      },
    ],
    red: {
      file: ACCESS,
      test: 'order cancelOrder answers for it as for what does not exist',
      says: 'It is not yours',
    },
  },
]

const ADMISSION = 'shared/auth/admission.ts'
const API_KEYS = 'shared/auth/api-keys.ts'

const callers: Removal[] = [
  {
    what: 'the scope check of the keys of iam',
    service: 'iam',
    plants: [{ file: ADMISSION, within: 'permit', find: '&& caller.scopes.includes(access.key)', put: '' }],
    red: { file: ACCESS, test: 'refused are iam’s key for credentials:verify alone', says: 'in place of' },
  },
  {
    what: 'the scope check of the keys of inventory',
    service: 'inventory',
    plants: [{ file: ADMISSION, within: 'permit', find: '&& caller.scopes.includes(access.key)', put: '' }],
    red: {
      file: ACCESS,
      test: 'refused are inventory’s key for reservations:write alone',
      says: 'in place of',
    },
  },
  {
    what: 'the check that a buyer does not sell',
    service: 'order',
    plants: [
      {
        file: ADMISSION,
        within: 'permit',
        find: '&& access.session === caller.userType',
        put: '',
      },
    ],
    red: anotherSeller,
  },
  {
    what: 'the look-up of the session',
    service: 'user',
    plants: [
      {
        file: 'shared/auth/sessions.ts',
        within: 'findSession',
        find: 'if (text === null) return undefined',
        put: "if (text === null) return { userId: key.slice(8, 44), userType: 'BUYER', sessionId: key, createdAt: new Date(), expiresAt: new Date(), token }",
      },
    ],
    red: { file: ACCESS, test: 'refused are a session of garbage', says: 'in place of' },
  },
  {
    what: 'the absolute end of a session',
    service: 'inventory',
    plants: [
      {
        file: 'shared/auth/sessions.ts',
        within: 'findSession',
        find: 'if (leftMs <= 0) return undefined',
        put: '',
      },
    ],
    red: { file: ACCESS, test: 'refused are a session that has expired', says: 'in place of' },
  },
  {
    what: 'the end of a session at log-out',
    service: 'user',
    plants: [
      {
        file: 'services/user/src/sessions/session-scripts.ts',
        within: 'END',
        find: "ended = ended + redis.call('del', KEYS[number])",
        put: 'ended = ended + 1',
      },
      {
        file: 'services/user/src/sessions/session-scripts.ts',
        within: 'END',
        find: "ended = ended + redis.call('del', 'session:' .. hash)",
        put: 'ended = ended + 1',
      },
    ],
    red: {
      file: 'callers/sessions.test.ts',
      test: 'by log-out is refused by every service',
      says: '+   200,',
    },
  },
  {
    what: 'the line about a refusal',
    service: 'order',
    plants: [
      {
        file: 'shared/http/audit.ts',
        within: 'nameOf',
        find: "if (REFUSED.includes(status)) return 'refusal'",
        put: '',
      },
    ],
    red: { file: 'output/audit.test.ts', test: 'a refusal of nobody', says: 'Received length: 0' },
  },
  {
    what: 'the revocation of a key',
    service: 'iam',
    plants: [
      // In the look-up alone: counting the keys that are valid goes by the same condition.
      {
        file: API_KEYS,
        within: 'findValid',
        find: 'publicIds), isValid)',
        put: 'publicIds), gt(apiKeys.expiresAt, sql`now(3)`))',
      },
    ],
    red: { file: ACCESS, test: 'refused are a revoked key of iam', says: 'in place of' },
  },
  {
    what: 'the expiry of a key',
    service: 'inventory',
    plants: [
      {
        file: API_KEYS,
        within: 'findValid',
        find: 'publicIds), isValid)',
        put: 'publicIds), isNull(apiKeys.revokedAt))',
      },
    ],
    red: { file: ACCESS, test: 'refused are an expired key of inventory', says: 'in place of' },
  },
  {
    what: 'the look at the secret of a key',
    service: 'iam',
    plants: [
      {
        file: API_KEYS,
        within: 'findKeyHolder',
        find: 'if (!matches || ',
        put: 'if (',
      },
    ],
    red: { file: ACCESS, test: 'refused are a key of iam with another secret', says: 'in place of' },
  },
  {
    what: 'the refusal of two sessions at once',
    service: 'user',
    plants: [
      { file: ADMISSION, within: 'credential', find: "if (value.includes(','))", put: "if (value === ',')" },
    ],
    red: { file: 'input/raw-http.test.ts', test: 'a session twice is 400', says: '400' },
  },
  {
    what: 'the work for a user who does not exist',
    service: 'iam',
    plants: [
      {
        file: 'services/iam/src/passwords.ts',
        within: 'check',
        find: "if (await verify(keyed(composed(password)), stored)) match = 'right'",
        put: "if (!storedHash) return 'wrong'\n if (await verify(keyed(composed(password)), stored)) match = 'right'",
      },
    ],
    red: { file: 'callers/timing.test.ts', test: 'in the identity service', says: 'by chance' },
  },
]

const BAD = 'input/bad-input.test.ts'

const input: Removal[] = [
  {
    what: 'the refusal of unknown properties',
    service: 'order',
    plants: [
      {
        file: 'shared/http/routes/route-schemas.ts',
        within: 'closed',
        find: '...(properties || patternProperties ? { additionalProperties: false } : {}),',
        put: '',
      },
    ],
    red: { file: BAD, test: 'B05 a property that nobody knows', says: 'not 422' },
  },
  {
    what: 'the look at the version that a seller saw',
    service: 'inventory',
    plants: [
      {
        file: 'services/inventory/src/catalogue/change-product.ts',
        within: 'refuseStale',
        find: 'if (!isMatch(ifMatch, product.version)) throw changedMeanwhile()',
        put: '',
      },
    ],
    red: { file: BAD, test: 'B27 an If-Match that is stale', says: 'not 412' },
  },
  {
    what: 'the silence about what was sent',
    service: 'user',
    plants: [
      {
        file: 'shared/http/problem-answer.ts',
        within: 'invalid',
        find: 'errors.push({ pointer, ...faultOf(found) })',
        put: 'errors.push({ pointer, ...faultOf(found), value: JSON.stringify(found.value) } as FieldError)',
      },
    ],
    red: { file: BAD, test: 'B05 a property that nobody knows', says: 'said back' },
  },
  {
    what: 'the limit of a body in chunks',
    service: 'user',
    plants: [
      {
        file: 'shared/http/request/body.ts',
        within: 'readAll',
        find: 'if (length > bytesMax) throw tooLarge(bytesMax)',
        put: '',
      },
    ],
    red: { file: 'input/raw-http.test.ts', test: 'B13 in chunks beyond the limit is 413', says: '413' },
  },
  {
    what: 'a header that keeps browsers from guessing',
    service: 'inventory',
    plants: [
      {
        file: 'shared/http/request-context.ts',
        within: 'commonHeaders',
        find: "'x-content-type-options': 'nosniff',",
        put: '',
      },
    ],
    red: { file: BAD, test: 'B21 an Accept that leaves nothing', says: 'lacks x-content-type-options' },
  },
  {
    what: 'the list of origins',
    service: 'order',
    plants: [
      {
        file: 'shared/http/cors.ts',
        within: 'corsHeaders',
        find: 'if (origin === null || !origins.has(origin))',
        put: 'if (origin === null)',
      },
    ],
    red: {
      file: 'input/methods.test.ts',
      test: 'https://attacker.example is told nothing',
      says: 'access-control-allow-origin',
    },
  },
  {
    what: 'the dead letters of what is no message',
    service: 'inventory',
    plants: [
      {
        file: 'shared/messaging/consumer.ts',
        within: 'take',
        find: 'const isSafe = await passOn(listener, from, delivery, error)',
        put: 'const isSafe = error !== passOn',
      },
    ],
    red: {
      file: 'input/messages.test.ts',
      test: 'are among the dead letters',
      says: 'order.cancelled.v1: undefined',
    },
  },
]

/** A line of the log that forgets itself; the redaction is there for it. */
const forgets = (fields: string): PlantInFunction => ({
  file: 'services/user/src/sessions/log-in.ts',
  within: 'attemptLogIn',
  find: 'log.info({ userId: user.id, sessionId: session.sessionId }',
  put: `log.info({ userId: user.id, sessionId: session.sessionId, ${fields} }`,
})
const canary = {
  file: 'output/canaries.test.ts',
  test: 'that is what it should be is in no log',
  says: 'in the log user.log',
}

const redactions: Removal[] = [
  {
    what: 'the redaction of a password',
    service: 'user',
    plants: [
      forgets('password: request.password'),
      { file: 'shared/telemetry/log-fields.ts', within: 'SECRET_NAME', find: 'pass(word|phrase)?|', put: '' },
    ],
    red: canary,
  },
  {
    what: 'the redaction of an e-mail address',
    service: 'user',
    plants: [
      forgets('note: request.login'),
      {
        file: 'shared/telemetry/redact.ts',
        within: 'scrubbed',
        find: '    .replace(EMAIL, REDACTED)\n',
        put: '',
      },
    ],
    red: canary,
  },
  {
    what: 'the redaction of a session',
    service: 'user',
    plants: [
      forgets('note: session.token'),
      {
        file: 'shared/telemetry/redact.ts',
        within: 'scrubbed',
        find: '    .replace(KEY_OF_256_BITS, REDACTED)\n',
        put: '',
      },
    ],
    red: canary,
  },
]

/** The same lines with the redaction in place: they must hurt nobody, or the removals above would prove nothing. */
export const harmless: readonly Removal[] = [
  {
    what: 'a line of the log that forgets itself, but for what is redacted',
    service: 'user',
    plants: [forgets('password: request.password, note: request.login, other: session.token')],
    red: canary,
  },
]

/** Everything that is removed, one at a time. */
export const removals: readonly Removal[] = [...owners, ...callers, ...input, ...redactions]
