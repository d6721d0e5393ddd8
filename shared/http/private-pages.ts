import { createHash, timingSafeEqual } from 'node:crypto'
import { NotFoundError } from 'elysia'
import { requestUrl } from './url.ts'

/** Which pages are for the operator alone. */
export type PrivatePages = {
  /** Whether the Swagger page and the documents behind it are not shown. */
  docsHidden?: boolean
  /** What `/metrics` wants as `Authorization: Bearer …`; null hides it, undefined shows it to anyone. */
  metricsToken?: string | null | undefined
}

const DOCS = /^\/(docs(\/.*)?|openapi\.json|asyncapi\.json)?$/

/**
 * Refuses pages that are not for whoever asks, as if they were not there.
 * @throws {NotFoundError} always the same, so that a guess at the token learns nothing.
 */
export function refusePrivatePage(request: Request, pages: PrivatePages): void {
  const { pathname } = requestUrl(request)
  if (pages.docsHidden && DOCS.test(pathname)) throw new NotFoundError()
  if (pathname !== '/metrics' || pages.metricsToken === undefined) return
  if (pages.metricsToken === null) throw new NotFoundError()
  const presented = request.headers.get('authorization') ?? ''
  if (!timingSafeEqual(digest(presented), digest(`Bearer ${pages.metricsToken}`))) throw new NotFoundError()
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
