import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { swagger } from '@elysiajs/swagger'
import { Elysia, NotFoundError, type TSchema, t } from 'elysia'
import type { Access, Api, Operation, Schema } from './api/operation.ts'
import { commonProblems } from './api/problems.ts'
import { problemBody } from './api/schema.ts'
import { tidyDocument } from './openapi.ts'

/*
 * All that knows @elysiajs/swagger is in this file. The plug-in is no longer developed; its document is made
 * valid OpenAPI 3.1 by `tidyDocument`, and its page, which would fetch scripts from elsewhere, is replaced by
 * Swagger UI from a pinned package, so that it works without the internet.
 */

const RAW = '/docs/raw'
const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}
const START = `window.onload = () => SwaggerUIBundle({
  url: '/openapi.json', dom_id: '#page', validatorUrl: null, deepLinking: true, persistAuthorization: true,
  displayRequestDuration: true, tryItOutEnabled: true, filter: true })`
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src *; frame-ancestors 'none'"

/** `/openapi.json` and the Swagger page `/docs` of a service; `/` leads there. */
export function swaggerPage(api: Api): Elysia {
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${api.title}</title>
<link rel="icon" href="/docs/favicon-32x32.png"><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="page"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>`
  const hidden = { detail: { hide: true } }
  let document: Promise<object> | undefined

  const pages: Elysia = new Elysia({ name: 'swagger-page' })
  pages
    .use(
      swagger({
        path: RAW,
        specPath: `${RAW}/json`,
        excludeStaticFile: false,
        documentation: {
          info: { title: api.title, version: '0.1.0', description: api.description },
          components: {
            securitySchemes: {
              session: {
                type: 'apiKey',
                in: 'header',
                name: 'SESSION',
                description: 'The `session` that POST /sessions of the user service answers with',
              },
              key: {
                type: 'apiKey',
                in: 'header',
                name: 'X-API-Key',
                description: 'The API key of a service',
              },
            },
          },
        },
      }),
    )
    .get('/', ({ redirect }) => redirect('/docs'), hidden)
    .get('/docs', () => pageAnswer(page, 'text/html; charset=utf-8'), hidden)
    .get('/docs/start.js', () => pageAnswer(START, 'text/javascript; charset=utf-8'), hidden)
    .get(
      '/docs/:asset',
      async ({ params }) => {
        const type = ASSETS[params.asset]
        if (!type) throw new NotFoundError()
        return pageAnswer(new Uint8Array(await readFile(join(SWAGGER_UI, params.asset))), type)
      },
      hidden,
    )
    .get(
      '/openapi.json',
      async () => {
        document ??= pages
          .handle(new Request(`http://localhost${RAW}/json`))
          .then(async (raw) => tidyDocument(await raw.json()))
        return document
      },
      hidden,
    )
  return pages
}

function pageAnswer(content: string | Uint8Array<ArrayBuffer>, type: string): Response {
  return new Response(content, {
    headers: {
      'content-type': type,
      'content-security-policy': PAGE_POLICY,
      'cache-control': 'max-age=3600',
    },
  })
}

/** The answers of an operation as Elysia wants them: what success looks like is enforced, the rest described. */
export function documentedAnswers(
  api: Api,
  operation: Operation,
  typeBox: (schema: Schema) => TSchema,
): Record<number, TSchema> {
  const answers: Record<number, TSchema> = {}
  for (const [status, codes] of problemsOf(api, operation)) {
    answers[status] = t.Object(problemBody.properties, {
      description: codes.map((code) => `\`${code}\``).join(', '),
    })
  }
  for (const [status, schema] of Object.entries(operation.otherAnswers ?? {}))
    answers[Number(status)] = typeBox(schema)
  if (operation.answer && operation.answer !== 'image') answers[operation.status] = typeBox(operation.answer)
  return answers
}

/** What the page shows of an operation beyond its schemas. The `x-` members guide `tidyDocument`. */
export function documentedDetail(name: string, operation: Operation) {
  const { access, idempotencyKey, ifMatch } = operation
  const header = (title: string, description: string, example: string) => ({
    name: title,
    in: 'header' as const,
    required: true,
    description,
    schema: { type: 'string' as const },
    example,
  })
  return {
    operationId: name,
    tags: [operation.tag],
    summary: operation.summary,
    description: [operation.description, whoMayCall(access)].filter(Boolean).join('\n\n'),
    security: access === 'anyone' ? [] : [{ ['key' in access ? 'key' : 'session']: [] }],
    'x-access': access,
    'x-status': operation.status,
    ...(operation.answer === 'image' ? { 'x-image-answer': true } : {}),
    ...(operation.imageBodyBytesMax ? { 'x-image-body': true } : {}),
    'x-headers': [
      ...(idempotencyKey
        ? [
            header(
              'Idempotency-Key',
              'A new random key for each intent; repeat the request with the same key and it is done once',
              '7f0e6d0c-6a57-4a2b-9a55-4a7d4f0f3c11',
            ),
          ]
        : []),
      ...(ifMatch ? [header('If-Match', 'The ETag of what you read', '"1"')] : []),
    ],
  }
}

function whoMayCall(access: Access): string {
  if (access === 'anyone') return 'Anyone may call this.'
  if ('key' in access) return `For services whose API key has the scope \`${access.key}\`.`
  return access.session === 'any'
    ? 'For whoever is logged in.'
    : `For a logged-in ${access.session.toLowerCase()}.`
}

function problemsOf(api: Api, operation: Operation): Map<number, string[]> {
  const { access, body, imageBodyBytesMax, idempotencyKey, ifMatch } = operation
  const codes = [
    ...(operation.problems ?? []),
    'malformed-request',
    ...(access === 'anyone' ? [] : ['unauthenticated']),
    ...(access === 'anyone' || ('session' in access && access.session === 'any') ? [] : ['forbidden']),
    'not-acceptable',
    ...(body ? ['malformed-json'] : []),
    ...(body || imageBodyBytesMax ? ['body-too-large', 'unsupported-media-type'] : []),
    ...(body || operation.params || operation.query ? ['validation-failed'] : []),
    ...(idempotencyKey
      ? [
          'idempotency-key-missing',
          'idempotency-key-malformed',
          'idempotency-key-in-use',
          'idempotency-key-reused',
          'outcome-unknown',
        ]
      : []),
    ...(ifMatch ? ['if-match-missing', 'if-match-malformed', 'precondition-failed'] : []),
    'dependency-unavailable',
    'internal-error',
  ]
  const byStatus = new Map<number, string[]>()
  const kinds: Api['problems'] = { ...commonProblems, ...api.problems }
  for (const code of new Set(codes)) {
    const kind = kinds[code]
    if (!kind)
      throw new Error(
        `Describe the problem "${code}" in the API of ${api.service}: no status is known for it`,
      )
    byStatus.set(kind.status, [...(byStatus.get(kind.status) ?? []), code])
  }
  return byStatus
}
