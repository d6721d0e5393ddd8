import { signature } from './cookies.ts'

/*
 * A form counts only if a page of the shop sent it. Two proofs, each enough against one kind of attack: the browser
 * says from where the form came, and the form has a token that only the browser's own pages have.
 */

/** Whether the browser says that a page of the shop sends this. A browser that says nothing is not believed. */
export function isFromOwnPage(request: Request, origins: readonly string[]): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  const origin = request.headers.get('origin')
  if (origin !== null) return origins.includes(origin)
  return site === 'same-origin'
}

/** The token of all forms that this browser is shown while this session lasts. */
export function formToken(secret: string, { visitor, session = '' }: Owner): string {
  return signature('form', `${visitor}\n${session}`, secret)
}

type Owner = { visitor: string; session?: string | undefined }

const OWN = 'http://shop.invalid'
const START = '/'

/** A path of the shop to go on to; the start page for anything that might lead elsewhere. */
export function ownPath(path: string | null | undefined): string {
  if (!path?.startsWith('/')) return START
  const url = URL.parse(path, OWN)
  if (url?.origin !== OWN) return START
  // A path that begins with two slashes, also once its dots are gone, names another host.
  return url.pathname.startsWith('//') ? START : `${url.pathname}${url.search}${url.hash}`
}
