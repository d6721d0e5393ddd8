import type { Api, Operation, Schema, Static, SuccessOf } from '../api/operation.ts'
import type { CallerOf } from '../auth/admission.ts'
import type { Reply } from '../reply.ts'
import type { IfMatch } from './headers.ts'

type Part<O, Name extends string, Otherwise> = O extends { [K in Name]: infer S extends Schema }
  ? Static<S>
  : Otherwise

/** What a handler is given: the validated parts of the request, and who calls. */
export type RequestOf<O extends Operation> = {
  params: Part<O, 'params', Record<string, never>>
  query: Part<O, 'query', Record<string, never>>
  body: O extends { imageBodyBytesMax: number } ? Uint8Array : Part<O, 'body', undefined>
  caller: CallerOf<O['access']>
  idempotencyKey: O extends { idempotencyKey: true } ? string : undefined
  ifMatch: O extends { ifMatch: 'required' }
    ? IfMatch
    : O extends { ifMatch: 'optional' }
      ? IfMatch | undefined
      : undefined
  /** The address the request came from, as the connection shows it. */
  address: string
}

/** What a handler may return: the body of success, or a Reply that adds a status or headers to it. */
export type AnswerOf<O extends Operation> = SuccessOf<O> | Reply<SuccessOf<O>>

/** One handler for each operation of the API: a missing one does not compile. */
export type Handlers<A extends Api> = {
  [Name in keyof A['operations']]: (
    request: RequestOf<A['operations'][Name]>,
  ) => Promise<AnswerOf<A['operations'][Name]>>
}
