/**
 * Variables with which nobody is limited: what tests and harnesses send comes from one address and is in a hurry. A test
 * of the limits sets its own, or calls from addresses that it invents, as whoever is behind a proxy does.
 */
export const UNLIMITED = {
  TRUSTED_PROXIES: '127.0.0.1',
  ATTEMPTS_PER_ADDRESS: '1000000',
  RATE_LIMIT_PER_ADDRESS: '1000000',
  RATE_LIMIT_PER_SESSION: '1000000',
  RATE_LIMIT_PER_KEY: '1000000',
  UNPAID_ORDERS_MAX: '1000000',
} as const
