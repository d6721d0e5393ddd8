import type { CallerOf } from './admission.ts'
import type { Api, Operation, Schema, Static } from './api/operation.ts'
import type { IfMatch } from './request-headers.ts'

/** A success that needs another status than the operation's usual one, or headers of its own. */
export class Reply<Body> {
  readonly body: Body
  readonly status: number | undefined
  readonly headers: Record<string, string>

  constructor(body: Body, options: { status?: number; headers?: Record<string, string> } = {}) {
    this.body = body
    this.status = options.status
    this.headers = options.headers ?? {}
  }
}

type Part<O, Name extends string, Otherwise> = O extends { [K in Name]: infer S extends Schema }
  ? Static<S>
  : Otherwise

/** What a handler is given: the validated parts of the request, and who calls. */
export type RequestOf<O extends Operation> = {
  params: Part<O, 'params', Record<string, never>>
  query: Part<O, 'query', Record<string, never>>
  body: O extends { imageBodyBytesMax: number } ? Uint8Array : Part<O, 'body', undefined>
  caller: CallerOf<O['access']>
  idempotencyKey: O extends { idempotencyKey: 'required' } ? string : undefined
  ifMatch: O extends { ifMatch: 'required' }
    ? IfMatch
    : O extends { ifMatch: 'optional' }
      ? IfMatch | undefined
      : undefined
  /** The address the request came from, as the connection shows it. */
  address: string
}

type BodyOf<O extends Operation> = O extends { answer: 'image' } ? Uint8Array : Part<O, 'answer', undefined>

type OtherBodyOf<O extends Operation> = O extends { otherAnswers: Record<number, infer S extends Schema> }
  ? Static<S>
  : never

/** What a handler may return: the body of success, or a Reply that adds a status or headers to it. */
export type AnswerOf<O extends Operation> = BodyOf<O> | Reply<BodyOf<O> | OtherBodyOf<O>>

/** One handler for each operation of the API: a missing one does not compile. */
export type Handlers<A extends Api> = {
  [Name in keyof A['operations']]: (
    request: RequestOf<A['operations'][Name]>,
  ) => Promise<AnswerOf<A['operations'][Name]>>
}
