import { isIP } from 'node:net'
import { t } from 'elysia'

/*
 * The HTTP settings that an operator can change in any service. The limits are generous: they stop a caller that is
 * hostile or faulty, not one that is merely quick.
 */

const count = (description: string) => t.Optional(t.String({ pattern: '^[1-9][0-9]{0,8}$', description }))

/** The kind of thing that a caller's requests are counted by. */
export type Counted = 'address' | 'session' | 'key'

/** The number of requests a caller may make in a window of time, by the way the caller is counted. */
export type RateLimits = { windowSeconds: number } & Record<Counted, number>

/** The variables about HTTP that every service knows. */
export const httpVariables = {
  CORS_ORIGINS: t.Optional(
    t.String({
      pattern: '^https?://[A-Za-z0-9.:\\[\\]-]+( *, *https?://[A-Za-z0-9.:\\[\\]-]+)*$',
      description:
        'the origins of web pages that may call, such as https://shop.example, separated by commas',
    }),
  ),
  TRUSTED_PROXIES: t.Optional(
    t.String({
      pattern: '^[0-9A-Fa-f.:/]+( *, *[0-9A-Fa-f.:/]+)*$',
      description:
        'the addresses and networks (10.0.0.0/8) of the proxies in front whose X-Forwarded-For to trust, separated by commas',
    }),
  ),
  API_DOCS: t.Optional(t.Union([t.Literal('shown'), t.Literal('hidden')])),
  METRICS_TOKEN: t.Optional(
    t.String({
      minLength: 32,
      description: 'the bearer token for /metrics, a random secret of at least 32 characters',
    }),
  ),
  HSTS_SECONDS: t.Optional(
    t.String({
      pattern: '^[0-9]{1,9}$',
      description: 'the seconds for which browsers are told to use only HTTPS; the default is 0',
    }),
  ),
  RATE_LIMIT_WINDOW_SECONDS: count(
    'the window, in seconds, in which requests are counted; the default is 10',
  ),
  RATE_LIMIT_PER_SESSION: count('the requests that one user may make in a window; the default is 300'),
  RATE_LIMIT_PER_ADDRESS: count(
    'the requests without session or key from one address in a window; the default is 1000',
  ),
  RATE_LIMIT_PER_KEY: count('the requests with one API key in a window; the default is 20000'),
}

/** What the configuration of every service holds about HTTP. */
export type HttpConfig = {
  corsOrigins: readonly string[]
  trustedProxies: readonly string[]
  docsHidden: boolean
  metricsToken: string | null | undefined
  hstsSeconds: number
  rateLimits: RateLimits
}

type Given = { [Name in keyof typeof httpVariables]?: string }

/** In production the documents are hidden unless configured otherwise, and so is `/metrics` unless it has a token. */
export function httpConfig(given: Given, environment: string): HttpConfig {
  const isProduction = environment === 'production'
  return {
    corsOrigins: listed(given.CORS_ORIGINS),
    trustedProxies: listed(given.TRUSTED_PROXIES),
    docsHidden: (given.API_DOCS ?? (isProduction ? 'hidden' : 'shown')) === 'hidden',
    metricsToken: given.METRICS_TOKEN ?? (isProduction ? null : undefined),
    hstsSeconds: Number(given.HSTS_SECONDS ?? 0),
    rateLimits: {
      windowSeconds: Number(given.RATE_LIMIT_WINDOW_SECONDS ?? 10),
      session: Number(given.RATE_LIMIT_PER_SESSION ?? 300),
      address: Number(given.RATE_LIMIT_PER_ADDRESS ?? 1_000),
      key: Number(given.RATE_LIMIT_PER_KEY ?? 20_000),
    },
  }
}

/** The proxies that are neither an address nor a network. */
export function malformedProxies({ TRUSTED_PROXIES }: Given): boolean {
  return listed(TRUSTED_PROXIES).some((proxy) => {
    const [address = '', prefix = '0'] = proxy.split('/')
    const version = isIP(address)
    return version === 0 || !/^[0-9]{1,3}$/.test(prefix) || Number(prefix) > (version === 6 ? 128 : 32)
  })
}

function listed(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
}
