import type { Config } from '../config.ts'

/** No script runs at all, and nothing comes from anywhere but the shop: what a page shows cannot act. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
]

/** For a page that has a script: it comes from the shop and asks only the shop; none is written into a page. */
export const scriptHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [...POLICY, "script-src 'self'", "connect-src 'self'"].join('; '),
}

/** What every page is answered with. Pages show what is one person's own, so nobody on the way keeps them. */
export function securityHeaders({ hstsSeconds }: Pick<Config, 'hstsSeconds'>): Record<string, string> {
  return {
    'content-security-policy': POLICY.join('; '),
    'x-content-type-options': 'nosniff',
    // Not `no-referrer`: with it browsers send forms with the origin "null", which says nothing.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
    'cache-control': 'no-store',
    ...(hstsSeconds > 0 ? { 'strict-transport-security': `max-age=${hstsSeconds}; includeSubDomains` } : {}),
  }
}
