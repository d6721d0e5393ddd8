import { ProblemError, UnreachableError } from '@bazaar/client'
import type { Visit } from '../visit/visit.ts'

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
  'unsupported-media-type': 'image',
  'image-too-large': 'image',
  'body-too-large': 'image',
  'shipment-differs': 'trackingNumber',
}
/**
 * After these the form may have been done all the same: broken off on the way, or refused when it was sent once more, before
 * anybody looked whether it was done the first time.
 */
const BROKEN_OFF = ['dependency-unavailable', 'overloaded', 'idempotency-key-in-use', 'too-many-requests']
/** These are no answer to what was typed: whoever asks has to do something else first. */
const NOT_ABOUT_THE_FORM = ['unauthenticated', 'forbidden', 'not-found']

/**
 * Does what a form asks for: what came of it, or why it was refused. Anything else is thrown on. What has no key and would
 * be there twice if it was sent twice is not `isRepeatable`: the refusal then says to look first.
 */
export async function tryIt<T>(
  visit: Visit,
  work: () => Promise<T>,
  { isRepeatable = true } = {},
): Promise<{ done: T; refusal?: never } | { refusal: Refusal; done?: never }> {
  try {
    return { done: await work() }
  } catch (error) {
    const refusal = refusalOf(visit, error)
    if (!refusal) throw error
    const { lookFirst } = visit.words.refused
    return {
      refusal: refusal.isOpen && !isRepeatable ? { ...refusal, summary: lookFirst } : refusal,
    }
  }
}

/**
 * What is left of a refusal once it is known whether its form can still be sent. Of one whose answer was lost nothing is left
 * when it cannot: how things stand is on the page, and nobody must be told to press a button that is not there.
 */
export function leftOf(refusal: Refusal | undefined, canBeSent: boolean): Refusal | undefined {
  return refusal?.isOpen && !canBeSent ? undefined : refusal
}

/** A refusal of the shop itself, about one field. */
export function refuseField(visit: Visit, name: string, text: string): Refusal {
  const summary = visit.words.refused.codes['validation-failed'] ?? ''
  return { ...NOTHING_ELSE, code: 'validation-failed', status: 422, summary, fields: { [name]: text } }
}

const NOTHING_ELSE = { isOpen: false, orderIds: [], productIds: [], retryAfterSeconds: undefined, fields: {} }

function refusalOf(visit: Visit, error: unknown): Refusal | undefined {
  const { refused } = visit.words
  const isUnknown = error instanceof ProblemError && isOutcomeUnknown(error.problem)
  if (error instanceof UnreachableError || isUnknown) {
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

/** A service that failed, or says so itself, does not tell whether it did what it was asked for. */
function isOutcomeUnknown({ code, status }: { code: string; status: number }): boolean {
  return code === 'outcome-unknown' || (status >= 500 && !BROKEN_OFF.includes(code))
}

/** Whether whoever asked has to log in first. */
export function isLoggedOut(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'unauthenticated'
}
