import { ProblemError, UnreachableError } from '@bazaar/client'
import { DomainError } from '@bazaar/shared/problem'
import type { Visit } from '../visit/visit.ts'
import type { Page } from './answer.tsx'

/** Why a form came to nothing, in words for the page that shows it again. */
export type Refusal = {
  code: string
  status: number
  summary: string
  /** What is wrong with which field, by its name. */
  fields: Readonly<Record<string, string>>
  /** Whether it may have been done all the same: the form must then go again with the key that it had. */
  isOpen: boolean
  /** Orders and products that the refusal names. */
  orderIds: readonly string[]
  productIds: readonly string[]
  /** How many seconds to wait before another try. */
  retryAfterSeconds: number | undefined
}

/** The field that a refusal is about when the service does not say so. */
const FIELD_OF: Record<string, string> = {
  'email-taken': 'email',
  'mobile-number-taken': 'mobileNumber',
  'reauthentication-required': 'currentPassword',
  'postal-code-missing': 'postalCode',
  'unknown-country': 'country',
  'stock-would-be-negative': 'delta',
  'stock-would-be-too-large': 'delta',
  'not-an-image': 'image',
  'image-too-large': 'image',
  'body-too-large': 'image',
  'shipment-differs': 'trackingNumber',
}
const BROKEN_OFF = ['outcome-unknown', 'dependency-unavailable', 'overloaded', 'idempotency-key-in-use']
/** These are no answer to what was typed: whoever asks has to do something else first. */
const NOT_ABOUT_THE_FORM = ['unauthenticated', 'forbidden', 'not-found']

/** Does what a form asks for: what came of it, or why it was refused. Anything else is thrown on. */
export async function tryIt<T>(
  visit: Visit,
  work: () => Promise<T>,
): Promise<{ done: T; refusal?: never } | { refusal: Refusal; done?: never }> {
  try {
    return { done: await work() }
  } catch (error) {
    const refusal = refusalOf(visit, error)
    if (!refusal) throw error
    return { refusal }
  }
}

/** A refusal of the shop itself, about one field. */
export function refuseField(visit: Visit, name: string, text: string): Refusal {
  const summary = visit.words.refused.codes['validation-failed'] ?? ''
  return { ...NOTHING_ELSE, code: 'validation-failed', status: 422, summary, fields: { [name]: text } }
}

const NOTHING_ELSE = { isOpen: false, orderIds: [], productIds: [], retryAfterSeconds: undefined, fields: {} }

function refusalOf(visit: Visit, error: unknown): Refusal | undefined {
  const { refused } = visit.words
  if (error instanceof UnreachableError) {
    const summary = refused.codes['unreachable'] ?? refused.other
    return { ...NOTHING_ELSE, code: 'unreachable', status: 503, summary, isOpen: true }
  }
  if (!(error instanceof ProblemError) || NOT_ABOUT_THE_FORM.includes(error.problem.code)) return undefined
  const { problem, retryAfterSeconds } = error
  const { code } = problem
  const summary = refused.codes[code] ?? refused.other
  const named = (problem.errors ?? []).map(({ pointer, code: fault }): [string, string] => [
    pointer.split('/').at(-1) ?? '',
    refused.fields[fault] ?? refused.field,
  ])
  const own = FIELD_OF[code]
  return {
    ...NOTHING_ELSE,
    code,
    status: problem.status,
    summary,
    fields: { ...(own ? { [own]: summary } : {}), ...Object.fromEntries(named) },
    isOpen: BROKEN_OFF.includes(code),
    orderIds: 'orderIds' in problem ? (problem.orderIds ?? []) : [],
    productIds: 'productIds' in problem ? (problem.productIds ?? []) : [],
    retryAfterSeconds,
  }
}

/** Whether whoever asked has to log in first. */
export function isLoggedOut(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'unauthenticated'
}

/** The page for what went wrong: what is true, and what to do. `number` finds it in the logs. */
export function failurePage(visit: Visit, error: unknown, number: string): Page {
  const { words } = visit
  const { status, title, text, retryAfterSeconds } = tell(visit, error)
  return {
    title,
    status,
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) },
    body: (
      <section class="narrow failure">
        <h1>{title}</h1>
        <p>{text}</p>
        <p class="actions">
          {status >= 429 && (
            <a class="button" href={visit.url.pathname + visit.url.search}>
              {words.failure.again}
            </a>
          )}
          <a class="button quiet" href="/">
            {words.nav.home}
          </a>
        </p>
        {status >= 500 && (
          <p class="small">
            {words.failure.number} <code>{number}</code>
          </p>
        )}
      </section>
    ),
  }
}

type Told = { status: number; title: string; text: string; retryAfterSeconds?: number | undefined }

function tell({ words: { failure } }: Visit, error: unknown): Told {
  const notFound = { status: 404, title: failure.notFound, text: failure.notFoundText }
  const away = { status: 503, title: failure.unavailable, text: failure.unavailableText }
  if (error instanceof UnreachableError) return { ...away, retryAfterSeconds: 5 }
  const code =
    error instanceof ProblemError ? error.problem.code : error instanceof DomainError ? error.code : ''
  const status = error instanceof ProblemError ? error.problem.status : 0
  const retryAfterSeconds = error instanceof ProblemError ? error.retryAfterSeconds : undefined
  if (code === 'too-many-requests') {
    const text = failure.busyText(Math.ceil(retryAfterSeconds ?? 1))
    return { status: 429, title: failure.busy, text, retryAfterSeconds }
  }
  if (code === 'form-refused') return { status: 403, title: failure.form, text: failure.formText }
  if (code === 'body-too-large') return { status: 413, title: failure.tooLarge, text: failure.tooLargeText }
  if (code === 'forbidden') return { status: 403, title: failure.forbidden, text: failure.forbiddenText }
  if (status === 503) return { ...away, retryAfterSeconds: retryAfterSeconds ?? 5 }
  // An address that no service can read leads nowhere.
  if (['not-found', 'malformed-request', 'validation-failed'].includes(code)) return notFound
  return { status: 500, title: failure.internal, text: failure.internalText }
}
