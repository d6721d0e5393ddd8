import { swagger } from '@elysiajs/swagger'
import { Elysia } from 'elysia'
import type { Api } from '../../api/operation.ts'
import { tags } from '../../api/tags.ts'
import { tidyDocument } from './openapi.ts'

/*
 * Only this file knows @elysiajs/swagger. The plug-in is no longer developed: `tidyDocument` turns its document into
 * valid OpenAPI 3.1, and its own page, which would fetch scripts from elsewhere, is never served.
 */

const DOCUMENT = '/openapi.json'

/** What holds for all services, at the top of each document. */
export const ABOUT_EVERY_SERVICE = `
**Who is calling.** \`POST /sessions\` of the user service answers with a \`session\`. Send it in the header \`SESSION\` to any
service.

**Refusals and failures** are \`application/problem+json\` (RFC 9457). Programs look at \`code\`, which is listed with each
operation and stays; \`errors\` names the fields with JSON Pointers. Unknown properties are refused and nothing is converted:
\`"1"\` is not a number.

**Lists** answer \`items\` and \`next\`; send \`next\` as \`cursor\` for the following page. **Money** is in minor units (cents)
of an ISO 4217 currency, **time** is UTC. **Lengths** of text are counted in characters: an emoji is one, or as many as it is
made of.`

/**
 * The OpenAPI 3.1 document of the app that uses this, at `/openapi.json`: the plug-in writes it from the app's routes
 * and `tidyDocument` corrects it.
 */
export function openApiDocument(api: Api): Elysia {
  let document: object | undefined
  const plugin: Elysia = new Elysia({ name: 'document' })
  plugin
    .onAfterHandle(({ path, responseValue }) => {
      if (path === DOCUMENT) document ??= tidyDocument(responseValue, api.service)
      return document
    })
    .use(
      swagger({
        path: '/docs',
        specPath: DOCUMENT,
        excludeStaticFile: false,
        documentation: {
          info: {
            title: api.title,
            version: '0.1.0',
            description: `${api.description}\n${ABOUT_EVERY_SERVICE}`,
            license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
          },
          tags: tagsOf(api),
          components: { securitySchemes: securitySchemesOf(api) },
        },
      }),
    )
  return plugin
}

/** The tags in the order of the contract. */
function tagsOf(api: Api): { name: string; description?: string }[] {
  const named = Object.values(api.operations).flatMap(({ detail }) => detail.tags)
  return [...new Set(named)].map((name) => {
    const description = tags[name]
    return { name, ...(description === undefined ? {} : { description }) }
  })
}

/** The ways to identify the caller that this service's operations use. */
function securitySchemesOf(api: Api) {
  const rules = Object.values(api.operations).map((operation) => operation.access)
  return {
    ...(rules.some((access) => access !== 'anyone' && 'session' in access)
      ? {
          session: {
            type: 'apiKey' as const,
            in: 'header',
            name: 'SESSION',
            description:
              'For buyers and sellers: the `session` that `POST /sessions` of the user service answers with',
          },
        }
      : {}),
    ...(rules.some((access) => access !== 'anyone' && 'key' in access)
      ? {
          key: {
            type: 'apiKey' as const,
            in: 'header',
            name: 'X-API-Key',
            description: 'For services: an API key, as `POST /api-keys` of this service issues it',
          },
        }
      : {}),
  }
}
