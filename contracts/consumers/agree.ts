import { MatchersV3 } from '@pact-foundation/pact'
import type { GivenState } from '../states.ts'
import { refuseNeedless } from './needed.ts'
import { describeOnce, type OpenPact } from './pact.ts'

/** What a consumer sends and what it needs to get back. Matchers say what of an example may be different. */
export type Agreement = {
  /** The operation, and after a colon the case: the words by which everybody will know it. */
  description: string
  given: readonly GivenState[]
  request: {
    method: string
    path: string
    query?: Record<string, string>
    headers?: Record<string, string>
    body?: unknown
  }
  response: { status: number; headers?: Headers; body?: unknown }
}

type Headers = Record<string, string | ReturnType<typeof MatchersV3.regex>>

/**
 * Writes an agreement into the pact, if the consumer keeps it: `call` is made against a server that knows only
 * this request and gives only this answer, so it fails when the real client sends something else, or cannot
 * live with the answer. Then it must fail without each part of the answer (see needed.ts).
 */
export async function agree(
  open: OpenPact,
  agreement: Agreement,
  call: (url: string) => Promise<unknown>,
): Promise<void> {
  const { description, given, request, response } = agreement
  describeOnce(open, description)
  const unconfigured = open.pact.addInteraction()
  for (const { name, params } of given) unconfigured.given(name, params)
  await unconfigured
    .uponReceiving(description)
    .withRequest(request.method, request.path, (builder) => {
      if (request.query) builder.query(request.query)
      if (request.headers) builder.headers(request.headers)
      if (request.body !== undefined) builder.jsonBody(request.body)
    })
    .willRespondWith(response.status, (builder) => {
      if (response.headers) builder.headers(response.headers)
      if (response.body !== undefined) builder.jsonBody(response.body)
    })
    .executeTest((server) => call(server.url))
  await refuseNeedless(
    {
      status: response.status,
      headers: MatchersV3.reify<Record<string, string>>(response.headers ?? {}),
      body: response.body === undefined ? undefined : MatchersV3.reify(response.body),
    },
    call,
  )
}
