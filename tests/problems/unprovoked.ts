/** A problem that is declared and that no test can have sent, with the operations that it is about. */
export type Unprovoked = { code: string; of: 'all' | readonly string[]; why: string }

/** All of them. A test that provokes one is better than a line here. */
export const unprovoked: readonly Unprovoked[] = [
  {
    code: 'outcome-unknown',
    of: ['user logOut', 'user endSession', 'user logIn', 'iam verifyCredential'],
    why: 'It changes nothing in a database, so there is no commit whose outcome could be unknown.',
  },
  {
    code: 'idempotency-key-in-use',
    of: 'all',
    why: 'Whether a repetition still meets the first request is chance over HTTP; place-order.test.ts holds one up.',
  },
  {
    code: 'order-rejected',
    of: ['order placeOrder', 'order payOrder'],
    why: 'It takes a quarter of an hour, or stock that was lost meanwhile; place-order.test.ts does it with a clock.',
  },
  {
    code: 'out-of-stock',
    of: ['order payOrder'],
    why: 'Stock is held for an order that waits for its payment; only a hold that ran out meanwhile leads here.',
  },
  {
    code: 'product-gone',
    of: ['order payOrder'],
    why: 'Stock is held for an order that waits for its payment; only a hold that ran out meanwhile leads here.',
  },
  {
    code: 'price-changed',
    of: ['order payOrder'],
    why: 'Stock is held for an order that waits for its payment; only a hold that ran out meanwhile leads here.',
  },
]
