import { Elysia } from 'elysia'
import { usualStatusOf } from '../../api/operation.ts'
import type { KeyHolder, Session } from '../../auth/admission.ts'
import { admission, type NamedOperation } from '../admission.ts'
import { readPictureBody } from '../picture-body.ts'
import { asMeant, givenIn } from '../request/as-meant.ts'
import { readJsonBody } from '../request/body.ts'
import { refuseUnanswerable } from '../request/connection.ts'
import {
  idempotencyKeyOf,
  ifMatchOf,
  isNotModified,
  refuseOddQuery,
  requiredIfMatchOf,
} from '../request/headers.ts'
import { currentExchange } from '../request-context.ts'
import { preparedFor } from './prepared.ts'

/**
 * The macros that the hooks of operations (`hooks.ts`) ask for. `operation` does the steps that all operations share,
 * from admission to the status of success. The others add to the context: `anyone`, `session` and `apiKey` add the
 * caller, with the type that the access rule promises; `idempotencyKey` adds the `key`; the last two add `ifMatch`.
 *
 * Elysia reads a hook's source to see which parts of the context it uses, and prepares only these. Handing the whole
 * context on would cost the parsing of all headers and cookies.
 */
export const operations = new Elysia({ name: 'operations' }).macro({
  operation: (operation: NamedOperation) => ({
    seed: operation.name,
    ...arrival(operation),
    beforeHandle: (context: Arrived) => {
      refuseUnanswerable(context.request)
      const exchange = currentExchange()
      exchange.leave = exchange.door.enter()
      context.params = asMeant(operation.params, context.params)
      context.query = asMeant(operation.query, context.query)
      context.body = asMeant(operation.body, context.body)
      context.set.status = usualStatusOf(operation)
    },
    resolve: () => ({ address: currentExchange().address }),
    mapResponse: ({ request, set, responseValue }: Answered) =>
      answerOf(operation, { request, set, responseValue }),
  }),
  anyone: (_: true) => ({ resolve: () => ({ caller: undefined }) }),
  session: (_: true) => ({ resolve: () => ({ caller: sessionHere() }) }),
  apiKey: (_: true) => ({ resolve: () => ({ caller: keyHolderHere() }) }),
  idempotencyKey: (_: true) => ({ resolve: ({ request }) => ({ key: idempotencyKeyOf(request) }) }),
  ifMatch: (_: true) => ({ resolve: ({ request }) => ({ ifMatch: requiredIfMatchOf(request) }) }),
  optionalIfMatch: (_: true) => ({ resolve: ({ request }) => ({ ifMatch: ifMatchOf(request) }) }),
})

type Incoming = { request: Request; query: Record<string, string>; set: { headers: Record<string, unknown> } }
type Arrived = {
  request: Request
  params: unknown
  query: unknown
  body: unknown
  set: { status?: unknown }
}
type Answered = {
  request: Request
  set: { status?: unknown; headers: Record<string, unknown> & { etag?: string | undefined } }
  responseValue: unknown
}

/**
 * Admission first, then the rest of the request. Elysia parses a body before it transforms a request, but parses none
 * for GET, so the caller is admitted in whichever step comes first. Once a parser returns something, Elysia does not
 * read the body in its own way.
 */
function arrival(operation: NamedOperation) {
  const { imageBodyBytesMax } = operation
  const admitted = admission(operation)
  const tidyQuery = (incoming: Incoming) => {
    refuseOddQuery(operation, incoming.request)
    if (operation.query) incoming.query = givenIn(incoming.query)
  }
  if (operation.method === 'GET') return { transform: [admitted, tidyQuery] }
  const body = async ({ request }: Incoming) => {
    if (imageBodyBytesMax) return await readPictureBody(request, imageBodyBytesMax)
    return operation.body ? await readJsonBody(request) : null
  }
  return { parse: [admitted, body], transform: tidyQuery }
}

/**
 * Handles answers that Elysia would not send correctly: no body, bytes, prepared answers, and "not modified". Problems
 * stay as they are.
 */
function answerOf(
  operation: NamedOperation,
  { request, set, responseValue }: Answered,
): Response | undefined {
  const prepared = responseValue instanceof Response ? preparedFor(responseValue) : undefined
  if (responseValue instanceof Response && !prepared) return undefined
  if (prepared) Object.assign(set.headers, prepared.headers)
  if (operation.method === 'GET' && isNotModified(request, set.headers.etag)) return complete(null, set, 304)
  if (prepared) return complete(prepared.text, set)
  // Elysia would send an empty string, and Deno rejects a body with 204.
  if (responseValue === undefined) return complete(null, set)
  if (responseValue instanceof Uint8Array) return complete(Buffer.from(responseValue), set)
  return undefined
}

/** An answer with all its headers. Elysia would copy it to add them one by one, so it finds none that are still to be added. */
function complete(
  body: string | Uint8Array<ArrayBuffer> | null,
  set: Answered['set'],
  status = Number(set.status),
): Response {
  // Every header that we set is a text.
  const headers = set.headers as Record<string, string>
  set.headers = {}
  set.status = 200
  return new Response(body, { status, headers })
}

function sessionHere(): Session {
  const { caller } = currentExchange()
  if (!caller || !('userId' in caller))
    throw new Error('Cannot tell the session: the caller was not admitted with one')
  return caller
}

function keyHolderHere(): KeyHolder {
  const { caller } = currentExchange()
  if (!caller || !('scopes' in caller))
    throw new Error('Cannot tell the holder of the key: the caller was not admitted with a key')
  return caller
}
