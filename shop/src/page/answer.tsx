import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { scriptHeaders } from '../visit/security-headers.ts'
import type { Visit } from '../visit/visit.ts'
import { Layout, type PageHead } from './layout.tsx'

/** A page, and how it is answered. */
export type Page = PageHead & { body: VNode; status?: number; headers?: Record<string, string> }

/** Answers a page. Pages show what is one person's own, so nothing between here and the browser keeps them. */
export function show(visit: Visit, { body, status = 200, headers = {}, ...head }: Page): Response {
  if (visit.notice) visit.cookies.write('notice', '', 0)
  const html = renderToString(
    <Layout visit={visit} head={head}>
      {body}
    </Layout>,
  )
  return new Response(`<!doctype html>${html}`, {
    status,
    headers: headersOf(visit, {
      'content-type': 'text/html; charset=utf-8',
      ...(head.script ? scriptHeaders : {}),
      ...headers,
    }),
  })
}

/** Sends the browser on with GET, so that a reload sends no form again. */
export function goTo(visit: Visit, path: string): Response {
  return new Response(null, { status: 303, headers: headersOf(visit, { location: path }) })
}

function headersOf(visit: Visit, given: Record<string, string>): Headers {
  const headers = new Headers({ ...visit.securityHeaders, ...given })
  for (const cookie of visit.cookies.written()) headers.append('set-cookie', cookie)
  return headers
}
