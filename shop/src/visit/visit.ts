import { type Bazaar, createBazaar } from '@bazaar/client'
import { nextTraceparent } from '@bazaar/shared/telemetry/trace'
import { type BasketLine, readBasket, writeBasket } from '../basket/basket.ts'
import type { Config } from '../config.ts'
import { type Format, formatIn } from '../words/format.ts'
import { type Language, languageOf, type NoticeName, type Words, wordsIn } from '../words/words.ts'
import { type CookieJar, isSame, openCookieJar, randomValue, signed, unsigned } from './cookies.ts'
import { formToken } from './same-site.ts'
import { securityHeaders } from './security-headers.ts'

const OWN = 'http://shop.invalid'
const BASKET_SECONDS = 60 * 60 * 24 * 60
/** Long enough for the page that is shown next. */
const NOTICE_SECONDS = 60
const YEAR_SECONDS = 60 * 60 * 24 * 365
/** A page waits for somebody, so a busy service is asked once more and no longer. */
const ATTEMPTS_MAX = 2
const RETRY_AFTER_MAX_SECONDS = 1

/** Buyers order, sellers sell. Only for what is shown: what each may do is decided by the services. */
export type Role = 'BUYER' | 'SELLER'

/** One request as a page sees it: who asks, what they have with them, and whom to ask. */
export type Visit = {
  url: URL
  language: Language
  /** The country that the browser asks in, if it says so: `en-GB` is GB. */
  country: string | undefined
  words: Words
  format: Format
  /** Undefined when nobody is logged in. */
  role: Role | undefined
  basket: readonly BasketLine[]
  /** What every form must send back. */
  token: string
  isOwnToken: (token: string) => boolean
  /** The services, asked in the name of whoever is logged in. */
  bazaar: Bazaar
  cookies: CookieJar
  /** What every page is answered with. */
  securityHeaders: Readonly<Record<string, string>>
  /** What the last form came to, shown once. */
  notice: NoticeName | undefined
  beginSession: (session: { key: string; role: Role; expiresAt: string }) => void
  endSession: () => void
  keepBasket: (lines: readonly BasketLine[]) => void
  speak: (language: Language) => void
  /** Says so on the page that is shown next. */
  note: (notice: NoticeName) => void
}

/** Whether cookies go over HTTPS alone: everywhere but on this machine. */
export function isSecure({ origins, environment }: Pick<Config, 'origins' | 'environment'>): boolean {
  const isHere = (origin: string) => /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(origin)
  return environment === 'production' || !origins.some(isHere)
}

/** Who visits, from the cookies. The key of the session goes to the services and nowhere else. */
export function openVisit(request: Request, config: Config, { address }: { address: string }): Visit {
  const { cookieSecret: secret } = config
  const cookies = openCookieJar(request.headers.get('cookie'), { isSecure: isSecure(config) })
  const { role, session } = readSession(cookies.read('session'))
  const language = languageOf(cookies.read('language'), request.headers.get('accept-language'))
  const visitor = visitorOf(cookies)
  const words = wordsIn(language)
  const token = formToken(secret, { visitor, session })
  const notice = cookies.read('notice')
  const visit: Visit = {
    // One without a host has only a path, and one with two has none that can be read: it is refused.
    url: URL.parse(request.url, OWN) ?? new URL(OWN),
    language,
    country: /\b[a-z]{2}-([A-Z]{2})\b/.exec(request.headers.get('accept-language') ?? '')?.[1],
    words,
    format: formatIn(language),
    role,
    basket: readBasket(unsigned('basket', cookies.read('basket'), secret) ?? ''),
    token,
    isOwnToken: (given) => isSame(given, token),
    bazaar: bazaarFor(config, { session, address, request }),
    cookies,
    securityHeaders: securityHeaders(config),
    notice: isNotice(words, notice) ? notice : undefined,
    beginSession({ key, role, expiresAt }) {
      const seconds = Math.max(1, Math.floor((Date.parse(expiresAt) - Date.now()) / 1_000))
      cookies.write('session', `${role}.${key}`, seconds)
      visit.role = role
      visit.token = formToken(secret, { visitor, session: key })
    },
    endSession() {
      cookies.write('session', '', 0)
      visit.role = undefined
      visit.token = formToken(secret, { visitor })
    },
    keepBasket: (lines) =>
      cookies.write('basket', signed('basket', writeBasket(lines), secret), BASKET_SECONDS),
    speak: (chosen) => cookies.write('language', chosen, YEAR_SECONDS),
    note: (next) => cookies.write('notice', next, NOTICE_SECONDS),
  }
  return visit
}

function isNotice(words: Words, name: string | undefined): name is NoticeName {
  return name !== undefined && Object.hasOwn(words.notices, name)
}

/** The random value that tells this browser from others, so that forms of one are of no use to another. */
function visitorOf(cookies: CookieJar): string {
  const known = cookies.read('visitor')
  if (known && /^[A-Za-z0-9_-]{22}$/.test(known)) return known
  const visitor = randomValue()
  cookies.write('visitor', visitor, YEAR_SECONDS)
  return visitor
}

function readSession(cookie: string | undefined): { role: Role | undefined; session: string | undefined } {
  const [, role, session] = /^(BUYER|SELLER)\.([A-Za-z0-9_-]{16,200})$/.exec(cookie ?? '') ?? []
  return role === 'BUYER' || role === 'SELLER' ? { role, session } : { role: undefined, session: undefined }
}

type Asker = { session: string | undefined; address: string; request: Request }

function bazaarFor(config: Config, { session, address, request }: Asker): Bazaar {
  const traceparent = nextTraceparent(request.headers.get('traceparent'))
  return createBazaar({
    baseUrls: config.baseUrls,
    timeoutMs: config.serviceTimeoutMs,
    attemptsMax: ATTEMPTS_MAX,
    retryAfterMaxSeconds: RETRY_AFTER_MAX_SECONDS,
    // The key comes with each request and goes with its answer: the shop itself keeps nobody's.
    session: { load: () => session, save: () => undefined },
    fetch: (url, init) => {
      const headers = new Headers(init.headers)
      headers.set('traceparent', traceparent)
      // The services count attempts to log in by address; behind the shop all would have its own.
      headers.set('x-forwarded-for', address)
      return fetch(url, { ...init, headers })
    },
  })
}
