import { TypeCompiler } from '@sinclair/typebox/compiler'
import type { Static, TSchema } from 'elysia'

/*
 * Answers that are the same for everybody. Elysia checks and serialises what a handler returns each time; of these that
 * is done once, and each reader gets the same text. A handler returns a Response in its place, which Elysia does not look
 * into; `answerOf` (operations.ts) sends the text that belongs to it, with the headers that every answer has.
 */

/** What is sent: JSON, and headers of its own. */
type Prepared = { text: string; headers: Readonly<Record<string, string>> }

const prepared = new WeakMap<Response, Prepared>()

/**
 * Prepares answers of a schema; `headersOf` makes their headers from the text, and from the body that it shows. An answer
 * may have others of its own.
 *
 * The function throws {Error} when a body is not what the schema promises, as Elysia does.
 */
export function preparing<S extends TSchema>(
  schema: S,
  headersOf: (text: string, body: Static<S>) => Record<string, string>,
): (body: Static<S>, ownHeaders?: Readonly<Record<string, string>>) => Response {
  const check = TypeCompiler.Compile(schema)
  return (body, ownHeaders) => {
    if (!check.Check(body)) {
      const fault = check.Errors(body).First()
      throw new Error(`Cannot prepare the answer: ${fault?.path} is not valid: ${fault?.message}`)
    }
    const text = JSON.stringify(body)
    const standIn = new Response()
    const headers = { 'content-type': 'application/json', ...headersOf(text, body), ...ownHeaders }
    prepared.set(standIn, { text, headers })
    return standIn
  }
}

/** An answer that was checked when it was first sent, and is now sent again; for Elysia it has the type that it had. */
export function asItWas<Body>(body: Body): Body {
  const standIn = new Response()
  prepared.set(standIn, { text: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  return standIn as Body
}

/** What is to be sent in the place of a Response that was prepared. */
export function preparedFor(response: Response): Prepared | undefined {
  return prepared.get(response)
}
