import { isIP } from 'node:net'
import { t } from 'elysia'

/*
 * What an operator can say about the HTTP side of any service. The limits are generous: they stop whoever means
 * harm or has a fault, not whoever is quick.
 */

const count = (description: string) => t.Optional(t.String({ pattern: '^[1-9][0-9]{0,8}$', description }))

/** What a caller is counted by. */
export type Counted = 'address' | 'session' | 'key'

/** How many requests a caller may make in a window of time, by what the caller is counted by. */
export type RateLimits = { windowSeconds: number } & Record<Counted, number>

/** The variables about HTTP that every service knows. */
export const httpVariables = {
  CORS_ORIGINS: t.Optional(
    t.String({
      pattern: '^https?://[A-Za-z0-9.:\\[\\]-]+( *, *https?://[A-Za-z0-9.:\\[\\]-]+)*$',
      description: 'origins of web pages that may call, such as https://shop.example, separated by commas',
    }),
  ),
  TRUSTED_PROXIES: t.Optional(
    t.String({
      pattern: '^[0-9A-Fa-f.:/]+( *, *[0-9A-Fa-f.:/]+)*$',
      description:
        'addresses and networks (10.0.0.0/8) of the proxies in front, whose X-Forwarded-For is believed, separated by commas',
    }),
  ),
  API_DOCS: t.Optional(t.Union([t.Literal('shown'), t.Literal('hidden')])),
  METRICS_TOKEN: t.Optional(
    t.String({
      minLength: 32,
      description: 'what /metrics wants as bearer token, a random secret of at least 32 characters',
    }),
  ),
  HSTS_SECONDS: t.Optional(
    t.String({
      pattern: '^[0-9]{1,9}$',
      description: 'for how many seconds browsers are told to use HTTPS alone; 0 when not given',
    }),
  ),
  RATE_LIMIT_WINDOW_SECONDS: count('the window in which requests are counted; 10 when not given'),
  RATE_LIMIT_PER_SESSION: count('requests of one user in a window; 300 when not given'),
  RATE_LIMIT_PER_ADDRESS: count('requests without session or key from one address; 1000 when not given'),
  RATE_LIMIT_PER_KEY: count('requests with one API key in a window; 20000 when not given'),
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

/** In production the documents are hidden unless they are asked for, and `/metrics` without a token is too. */
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
