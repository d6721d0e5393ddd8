import { createHash, timingSafeEqual } from 'node:crypto'
import { NotFoundError } from 'elysia'
import { requestUrl } from './request/url.ts'

/** The pages that only the operator may see. */
export type PrivatePages = {
  /** Whether the Swagger page and its documents are hidden. */
  docsHidden?: boolean
  /**
   * The token that `/metrics` expects as `Authorization: Bearer …`; null hides the page, undefined shows it to
   * anyone.
   */
  metricsToken?: string | null | undefined
}

const DOCS = /^\/(docs(\/.*)?|openapi\.json|asyncapi\.json)?$/

/**
 * Hides pages from callers who may not see them, as if they did not exist.
 * @throws {NotFoundError} always the same, so that a guess at the token reveals nothing.
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
