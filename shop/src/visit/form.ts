import { requestUrl } from '@bazaar/shared/http/request/url'
import { DomainError } from '@bazaar/shared/problem'
import type { Config } from '../config.ts'
import { isFromOwnPage } from './same-site.ts'

/** Texts, in the longest of which each character takes nine bytes. */
const BODY_BYTES_MAX = 256 * 1024
/** Three of the largest pictures that inventory takes, with what a form has around them. */
const PICTURES_BYTES_MAX = 16 * 1024 * 1024
const TAKES_PICTURES = /^\/desk\/products\/(new|[^/]+\/pictures)$/
const CLOSED_FORM = 'form-refused'

/** What was typed into a form, without the blanks around it. */
export type Form = {
  text: (name: string) => string
  /** As it was typed: blanks belong to a password. */
  password: (name: string) => string
  all: (name: string) => string[]
  files: (name: string) => File[]
  /** Everything that was sent, name by name; no password and no file. */
  entries: readonly (readonly [name: string, value: string])[]
  /** Whether `entries` are all there was. */
  canBeSentAgain: boolean
  /** Everything typed, to be shown again; no password and no file. */
  typed: Readonly<Record<string, string>>
}

/** Refuses a form that no page of the shop sent, before anything of it is read. */
export function refuseForeignForm(request: Request, config: Pick<Config, 'origins'>): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  if (!isFromOwnPage(request, config.origins))
    throw new DomainError(CLOSED_FORM, 'The form does not come from a page of the shop')
  const bytes = Number(request.headers.get('content-length') ?? Number.NaN)
  const isForPictures = TAKES_PICTURES.test(requestUrl(request).pathname)
  if (!(bytes <= (isForPictures ? PICTURES_BYTES_MAX : BODY_BYTES_MAX)))
    throw new DomainError('body-too-large', 'The form is too large, or does not say how large it is')
}

/**
 * Reads a form.
 * @throws {DomainError} form-refused when its token is not that of this browser and session.
 */
export async function readForm(
  request: Request,
  { isOwnToken }: { isOwnToken: (token: string) => boolean },
): Promise<Form> {
  const fields = await request.formData().catch((cause: unknown) => {
    throw new DomainError(CLOSED_FORM, 'This is not a form', { cause })
  })
  const form = formOf(fields)
  if (!isOwnToken(form.text('token')))
    throw new DomainError(CLOSED_FORM, 'The form is too old, or not of this browser')
  return form
}

/** A form in which nothing was typed. */
export const emptyForm: Form = formOf(new FormData())

function formOf(fields: FormData): Form {
  const textOf = (value: unknown) => (typeof value === 'string' ? value.replaceAll('\r\n', '\n') : '')
  const isSecret = (name: string) => /password/i.test(name)
  const isFile = (value: unknown): value is File => value instanceof File && value.size > 0
  const own = [...fields].filter(([name]) => name !== 'token')
  const entries = own.flatMap(([name, value]) =>
    isSecret(name) || value instanceof File ? [] : [[name, textOf(value)] as const],
  )
  return {
    text: (name) => textOf(fields.get(name)).trim(),
    password: (name) => textOf(fields.get(name)),
    all: (name) => fields.getAll(name).map((value) => textOf(value).trim()),
    files: (name) => fields.getAll(name).filter(isFile),
    entries,
    canBeSentAgain: !own.some(([name, value]) => isSecret(name) || isFile(value)),
    typed: Object.fromEntries(entries),
  }
}
