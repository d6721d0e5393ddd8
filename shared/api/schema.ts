import { Type } from '@sinclair/typebox'
import { t } from 'elysia'
import { text } from './text/free-text.ts'

/*
 * The building blocks of every request and answer. Numbers in JSON bodies are strict: `t.Number` with
 * `multipleOf: 1`, because Elysia's `t.Integer` also takes "5". Query parameters are strings with exact
 * patterns, read with `Number()` by the handler, because coercion would also take "1e3" and "0x10". Examples are what
 * the Swagger page offers to send; the first one counts.
 */

/** A whole number in a JSON body or answer. */
export function integer(limits: {
  minimum: number
  maximum: number
  description?: string
  examples?: number[]
}) {
  return t.Number({ multipleOf: 1, ...limits })
}

const UUID = '[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[1-8][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}'

/** The id of a thing: a UUID. Capitals are taken, as RFC 9562 demands; what we say is in lower case. */
export function id(description: string) {
  return t.String({
    pattern: `^${UUID}$`,
    format: 'uuid',
    description,
    examples: ['019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10'],
    minLength: 36,
    maxLength: 36,
  })
}

/** The id of a thing in a message, which only services of ours send: in lower case, as they write it. */
export function idInMessage(description: string) {
  return t.String({ ...id(description), pattern: `^${UUID.replaceAll('A-F', '').replaceAll('AB', '')}$` })
}

/** Ids in a parameter, separated by commas. */
export function ids(most: number) {
  return t.String({
    pattern: `^${UUID}(,${UUID}){0,${most - 1}}$`,
    maxLength: most * 37,
    'x-ids': true,
    description: 'Ids, separated by commas',
    examples: ['019cd1f0-6f00-7c3a-8d21-5e9b4f7a2c10'],
  })
}

/** The answer without a body. */
export const nothing = t.Void()

/** The bytes of a picture. */
export const picture = Type.Uint8Array()

type LineLimits = { maxLength: number; minLength?: number; description?: string; examples?: string[] }

/*
 * What is free text has a kind, by which it is looked through as it comes in (`free-text.ts`). Blanks at its ends are
 * taken off (`as-meant.ts`).
 */

/** One line of text that holds something to be seen: no control characters. Nobody's card number is kept in it. */
export function line(limits: LineLimits) {
  return text(asLine(limits))
}

function asLine(limits: LineLimits) {
  return { ...asReference(limits), 'x-free-text': 'free-line' }
}

/**
 * One line that may be any number, such as that of a parcel or of an article: what is searched for, or what somebody
 * else has numbered. No card number is looked for in it.
 */
export function reference(limits: LineLimits) {
  return text(asReference(limits))
}

function asReference(limits: LineLimits) {
  return {
    minLength: 1,
    ...limits,
    'x-free-text': 'free-reference',
    pattern: '^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$',
  }
}

/** One line of text, or none: empty or null are as if it were left out. */
export function maybeLine(limits: LineLimits) {
  return maybe(asLine(limits))
}

/** The same for a line that may be any number. */
export function maybeReference(limits: LineLimits) {
  return maybe(asReference(limits))
}

function maybe({ pattern, ...given }: ReturnType<typeof asReference>) {
  return t.Union([text({ ...given, minLength: 0, pattern: `^$|${pattern}` }), t.Null()])
}

/** Text of several lines. */
export function prose(limits: { maxLength: number; description?: string; examples?: string[] }) {
  return text({
    ...limits,
    'x-free-text': 'free-prose',
    pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$',
  })
}

/** The days that there are: `Date` would make the 2nd of March out of the 30th of February. */
const LEAP_YEAR = '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)'
const DAY = `(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|${LEAP_YEAR}-02-29)`
/** Without 24:00, which RFC 3339 does not have, and without leap seconds, which no clock of ours has. */
const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]'

/** A moment in UTC, RFC 3339 with milliseconds, as in `2026-01-31T09:30:00.000Z`. */
export function instant(description: string, example = '2026-01-31T09:30:00.000Z') {
  return t.String({
    format: 'date-time',
    pattern: `^${DAY}T${TIME}(?:\\.[0-9]{1,6})?Z$`,
    description,
    examples: [example],
    maxLength: 32,
  })
}

/**
 * A moment that somebody asks about, as programs write it by RFC 3339: some give the nanoseconds, some the offset of
 * where they are, and some write small letters.
 */
export function writtenInstant(description: string) {
  const offset = '(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])'
  return t.String({
    ...instant(`${description}. With Z or another offset from UTC, whose + has to be sent as %2B`),
    pattern: `^${DAY}[Tt]${TIME}(?:\\.[0-9]{1,9})?${offset}$`,
    maxLength: 35,
  })
}

/** The most that a single amount may be, in minor units: ten thousand million cents. */
export const AMOUNT_MINOR_MAX = 1_000_000_000_000

/** One of several words. Elysia would find no type in a union of a list; `Unsafe` says the words, and stays a union. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  description: string,
  example: NoInfer<Word> | undefined = words[0],
) {
  const union = t.Union(
    words.map((word) => t.Literal(word)),
    { description, examples: [example] },
  )
  return t.Unsafe<Word>(union)
}

/** An amount in minor units (cents) of its currency. */
export function amountMinor(description: string, minimum = 0) {
  return integer({ minimum, maximum: AMOUNT_MINOR_MAX, description, examples: [1_999] })
}

/** An ISO 4217 currency code. That it exists is checked by `isCurrency`. */
export const currency = t.String({
  pattern: '^[A-Z]{3}$',
  maxLength: 3,
  description: 'ISO 4217 code, such as EUR',
  examples: ['EUR'],
})

/*
 * ISO 4217 list one, as published on 1 January 2026: what money is held in, without funds, test codes and metals. A
 * list of our own and not that of Intl, which differs from one runtime to the next and has currencies that are gone.
 */
const CURRENCIES = new Set(
  `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
  COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
  INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
  MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
  SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND
  VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG`.split(/\s+/),
)

/** Whether the code is one of ISO 4217 that money is held in. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code)
}

/** A mobile number in E.164: a plus sign and 7 to 15 digits. */
export const mobileNumber = t.String({
  pattern: '^\\+[1-9][0-9]{6,14}$',
  maxLength: 16,
  description: 'E.164',
  examples: ['+4915112345678'],
})

/** The digits that keyboards write: of ASCII, Arabic, Persian, Devanagari, Bengali, and full-width ones. */
const KEYBOARD_DIGITS = '0-9\\u0660-\\u0669\\u06f0-\\u06f9\\u0966-\\u096f\\u09e6-\\u09ef\\uff10-\\uff19'
/** Marks that nobody sees, which address books put around a number as it is copied. */
const UNSEEN_MARKS = '\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff'

/** A mobile number as people write it, with the code of its country. It is kept in E.164. */
export const writtenMobileNumber = t.String({
  pattern: `^[\\s${UNSEEN_MARKS}(]*(?:[+\\uff0b]|[0\\u0660\\u06f0\\u0966\\u09e6\\uff10]{2})[${KEYBOARD_DIGITS}\\s${UNSEEN_MARKS}().\\/\\u2010-\\u2015\\u2212-]+$`,
  maxLength: 40,
  description:
    'With the code of the country, after `+` or `00`, in the digits of any keyboard. Kept and shown in E.164: blanks, brackets, dots, slashes and hyphens are left out, and so is the zero that is only dialled inside the country',
  examples: ['+4915112345678'],
})

const NAME = "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"

/** An e-mail address: one `@`, a domain with a dot, no blanks. That it receives mail nobody can check here. */
export const emailAddress = t.String({
  pattern: `^${NAME}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$`,
  minLength: 6,
  maxLength: 254,
  description: 'An e-mail address, in small letters, its domain in punycode',
  examples: ['ada@example.com'],
})

/** A part of the name of a domain, in the letters of any script. */
const LABEL = '[A-Za-z0-9\\u0080-\\ud7ff\\uf900-\\uffef-]{1,63}'
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}"

/** An e-mail address as people write it. */
export const writtenEmailAddress = t.String({
  pattern: `^\\s*${ATOM}(?:\\.${ATOM})*@(?:${LABEL}[.\\u3002])+${LABEL}\\s*$`,
  maxLength: 254,
  description:
    'An e-mail address. The name before the @ is of ASCII characters, with dots only between others; the domain may be of any script. Kept and shown in small letters, with the domain in punycode and without blanks at the ends',
  examples: ['ada@example.com'],
})

/** A language that people are written to in. */
export const language = t.Union([t.Literal('en'), t.Literal('de')], {
  description: 'The language of letters to this person: English or German',
  examples: ['en'],
})

/** A language that people are written to in. */
export type Language = typeof language.static

/** How many entries a page of a list may hold: 1 to 100; 20 when not given. */
export const limit = t.String({
  pattern: '^([1-9][0-9]?|100)$',
  maxLength: 3,
  'x-integer': { minimum: 1, maximum: 100, default: 20 },
  description: 'Entries on a page, 1 to 100 (20 when not given)',
})

/** Where the next page starts: the `next` of the page before, unchanged. */
export const cursor = t.String({
  pattern: '^[A-Za-z0-9_.-]+$',
  minLength: 1,
  maxLength: 1_024,
  description: 'The cursor of the page before',
})

/** A page of a list: `next` is the cursor of the following page, null on the last. */
export function page<Entry extends ReturnType<typeof t.Object>>(entry: Entry) {
  return t.Object({
    items: t.Array(entry, { maxItems: 100 }),
    next: t.Union([text({ maxLength: 1_024 }), t.Null()], { examples: [null] }),
  })
}

/** A limit that a problem tells. */
export function upTo(description: string, example: number) {
  return integer({ minimum: 1, maximum: 1e12, description, examples: [example] })
}

/** The body of every refusal and failure (RFC 9457), with what Bazaar adds: code, request id, field errors. */
export const problemBody = t.Object({
  type: text({ maxLength: 128, description: 'A URN that names the kind of problem' }),
  title: text({ maxLength: 128, description: 'The kind of problem in words: the same each time' }),
  status: integer({ minimum: 400, maximum: 599, description: 'The status of the answer' }),
  detail: t.Optional(text({ maxLength: 1_024, description: 'What happened here, for people' })),
  instance: text({ maxLength: 64, description: 'urn:uuid of the request, also in the log' }),
  code: text({ maxLength: 64, description: 'Stable; what programs should look at' }),
  errors: t.Optional(
    t.Array(
      t.Object({
        pointer: text({ maxLength: 200, description: 'Which field: a JSON Pointer' }),
        code: text({ maxLength: 64, description: 'What is wrong with it' }),
        limit: t.Optional(
          t.Union([t.Number({ minimum: -1e15, maximum: 1e15 }), text({ maxLength: 64 })], {
            description: 'What it may be at most, or at least',
          }),
        ),
      }),
      { maxItems: 20, description: 'Which fields are wrong' },
    ),
  ),
})
