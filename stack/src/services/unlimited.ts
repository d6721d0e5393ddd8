/**
 * Variables that lift all limits, because tests and harnesses send many requests from one address. A test of the
 * limits sets its own, or calls from made-up addresses, as if through a proxy.
 */
export const UNLIMITED = {
  TRUSTED_PROXIES: '127.0.0.1',
  ATTEMPTS_PER_ADDRESS: '1000000',
  RATE_LIMIT_PER_ADDRESS: '1000000',
  RATE_LIMIT_PER_SESSION: '1000000',
  RATE_LIMIT_PER_KEY: '1000000',
  UNPAID_ORDERS_MAX: '1000000',
} as const
