import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/*
 * Every cookie of the shop is HttpOnly, SameSite=Lax and, but for plain HTTP on this machine, Secure with the prefix
 * `__Host-`, so that no other host of the domain can set it.
 */

/** What the shop keeps in a browser. */
export type CookieName = 'session' | 'basket' | 'visitor' | 'language' | 'notice'

/** Reads and writes the cookies of one answer. */
export type CookieJar = {
  read: (name: CookieName) => string | undefined
  /** Kept until the browser is closed unless `maxAgeSeconds` is given; 0 deletes it. */
  write: (name: CookieName, value: string, maxAgeSeconds?: number) => void
  /** The values of `Set-Cookie`, one for each cookie that was written. */
  written: () => string[]
}

/** The cookies that a request has brought. */
export function openCookieJar(header: string | null, { isSecure }: { isSecure: boolean }): CookieJar {
  const prefix = isSecure ? '__Host-' : ''
  const given = new Map(
    (header ?? '').split(';').map((pair): [string, string] => {
      const [name = '', ...value] = pair.trim().split('=')
      return [name, value.join('=')]
    }),
  )
  const written = new Map<string, string>()
  return {
    read: (name) => given.get(`${prefix}${name}`) || undefined,
    write(name, value, maxAgeSeconds) {
      const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`
      const secure = isSecure ? '; Secure' : ''
      given.set(`${prefix}${name}`, value)
      written.set(name, `${prefix}${name}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`)
    },
    written: () => [...written.values()],
  }
}

/** 128 random bits for a cookie. */
export function randomValue(): string {
  return randomBytes(16).toString('base64url')
}

/** A value that shows later that nobody but the shop wrote it, and for what. */
export function signed(purpose: string, value: string, secret: string): string {
  const text = Buffer.from(value).toString('base64url')
  return `${text}.${signature(purpose, text, secret)}`
}

/** The value that was signed for this purpose; undefined when anything of it was changed. */
export function unsigned(purpose: string, cookie: string | undefined, secret: string): string | undefined {
  const [text = '', given = ''] = (cookie ?? '').split('.')
  if (!isSame(given, signature(purpose, text, secret))) return undefined
  return Buffer.from(text, 'base64url').toString('utf8')
}

/** The signature of a text for a purpose. */
export function signature(purpose: string, text: string, secret: string): string {
  return createHmac('sha256', secret).update(`${purpose}\n${text}`).digest('base64url')
}

/** Compares in the same time wherever the difference is. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
