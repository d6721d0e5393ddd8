import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Elysia, NotFoundError } from 'elysia'
import type { Api } from '../../api/operation.ts'
import { asyncApiDocument } from './asyncapi.ts'
import { joinedDocument } from './joined.ts'
import { openApiDocument } from './swagger.ts'

/*
 * The Swagger page: Swagger UI from a pinned package, so that it works without the internet, and a few lines of ours
 * (assets/) that join the pages of the services into one.
 */

const OWN = fileURLToPath(new URL('assets', import.meta.url))
const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const SCRIPT = 'text/javascript; charset=utf-8'
const STYLE = 'text/css; charset=utf-8'
/** Files of a pinned package change only with a new release. */
const PINNED = 'max-age=86400'
const ASSETS = new Map([
  ['docs.js', { folder: OWN, type: SCRIPT, cache: 'no-cache' }],
  ['docs.css', { folder: OWN, type: STYLE, cache: 'no-cache' }],
  ['swagger-ui-bundle.js', { folder: SWAGGER_UI, type: SCRIPT, cache: PINNED }],
  ['swagger-ui.css', { folder: SWAGGER_UI, type: STYLE, cache: PINNED }],
  ['favicon-32x32.png', { folder: SWAGGER_UI, type: 'image/png', cache: PINNED }],
])

/**
 * The Swagger page `/docs` of a service and its document `/openapi.json`, with `/asyncapi.json` when it has messages,
 * and `/docs/all.json` of what people can do with all services; `/` leads to the page. All links are relative, so that a proxy may put a path in front. `origins` are those of the
 * other services: if they are on the same host, as in a stack on one machine, the page shows their documents too.
 */
export function docsPage(api: Api, origins: readonly string[]): Elysia {
  const page = pageOf(api, origins)
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `connect-src ${["'self'", ...origins].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const answer = (content: string | Uint8Array<ArrayBuffer>, type: string, cache: string) =>
    new Response(content, {
      headers: {
        'content-type': type,
        'content-security-policy': policy,
        'cache-control': cache,
      },
    })
  const hidden = { detail: { hide: true } }
  const pages: Elysia = new Elysia({ name: 'docs' })
  pages
    .use(openApiDocument(api))
    // Elysia's own redirect would make Deno redirect to a path, which the standard does not allow.
    .get('/', () => new Response(null, { status: 302, headers: { location: 'docs' } }), hidden)
    // Replaces the plug-in's own page, which would fetch scripts from elsewhere.
    .get('/docs', () => answer(page, 'text/html; charset=utf-8', 'no-cache'), hidden)
    .get('/docs/all.json', () => joinedDocument(), hidden)
    .get(
      '/docs/:asset',
      async ({ params }) => {
        const asset = ASSETS.get(params.asset)
        if (!asset) throw new NotFoundError()
        return answer(
          new Uint8Array(await readFile(join(asset.folder, params.asset))),
          asset.type,
          asset.cache,
        )
      },
      hidden,
    )
  const messages = asyncApiDocument(api.service)
  if (messages) pages.get('/asyncapi.json', () => messages, hidden)
  return pages
}

function pageOf(api: Api, origins: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${api.title}</title>
    <link rel="icon" href="docs/favicon-32x32.png">
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="stylesheet" href="docs/docs.css">
  </head>
  <body>
    <nav aria-label="Services"><p>To try it, sign up by <code>POST /users</code> and log in by <code>POST /sessions</code> of User, as they are shown. This page then sends the session to every service.</p></nav>
    <div id="page"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/docs.js" data-origins="${origins.join(' ').replaceAll('"', '')}"></script>
  </body>
</html>
`
}
