import type { OwnHeader } from './headers.ts'
import { picture } from './schema.ts'

/** A TypeBox schema, seen only as what it validates; avoids depending on one copy of TypeBox's types. */
export type Schema = { static: unknown; params: unknown[] }

/** The schema of an object, whose members are known by name. */
export type ObjectSchema = Schema & { properties: Record<string, Schema> }

/** The TypeScript type of what a schema accepts. */
export type Static<S extends Schema> = S['static']

/** The two kinds of people who use the marketplace. */
export type UserType = 'BUYER' | 'SELLER'

/**
 * What an operation is to others than the owner of a thing: it names none, so they have their own; or it names one,
 * and they are refused with this code, in the same words as for a thing that does not exist (but for a product, which
 * everybody can see).
 */
export type Others = 'have-their-own' | 'not-found' | 'not-your-product'

/**
 * Who may call an operation: `anyone`; a user with a session (of one kind of user, or of any) who owns the things they name;
 * or a service whose API key has the scope. Who is calling is enforced from here, so an operation cannot forget that
 * check; that it refuses those who own something else is tried from here, for every operation and every caller.
 */
export type Access = 'anyone' | { session: 'any' | UserType; others: Others } | { key: string }

/** What every picture is answered as, whatever it was sent as. */
export const IMAGE_ANSWER_TYPE = 'image/webp'

/** What a route says of itself in the document, as Elysia's hooks have it. */
export type Detail = { tags: readonly string[]; summary: string; description?: string }

/**
 * One operation of a service, in the shape of the hook of its route in Elysia: the source for its checks, its description
 * and its clients.
 */
export type Operation = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** In Elysia's notation: `/orders/:orderId`. */
  path: string
  detail: Detail
  access: Access
  /** How many requests it counts for, where it is much work or a way to try passwords; 1 when not given. */
  cost?: number
  /** What the audit calls it, when it is more than the use of a session. */
  audit?: string
  params?: Schema
  query?: ObjectSchema
  body?: Schema
  /** The body is an image of at most this many bytes rather than JSON. */
  imageBodyBytesMax?: number
  /**
   * The successes by status, `nothing` for no body and `picture` for a picture. The lowest is the usual one; another may
   * be 202, for an order that is still being worked on. Refusals are listed as `problems`.
   */
  response: Readonly<Record<number, Schema>>
  /** Codes of the refusals peculiar to this operation; the common ones are added by the frame. */
  problems?: readonly string[]
  /** False for what is no GET and has no transaction all the same, so that it never answers `outcome-unknown`. */
  commits?: false
  /** The header `Idempotency-Key` must be sent: a repetition then has no second effect. */
  idempotencyKey?: true
  /** The header `If-Match` with the ETag last seen must, or may, be sent: a stale writer is refused. */
  ifMatch?: 'required' | 'optional'
  /** What its successes have in their headers beside what `headersOf` says. With an ETag, a GET honours If-None-Match. */
  answerHeaders?: readonly OwnHeader[]
}

/** What an operation answers with when it succeeds. */
export type SuccessOf<O extends Operation> =
  O['response'] extends Record<number, infer S extends Schema> ? Static<S> : never

/** The status of the usual success. */
export function usualStatusOf({ response }: Pick<Operation, 'response'>): number {
  return Math.min(...Object.keys(response).map(Number))
}

/** Whether a success is a picture. */
export function answersPicture({ response }: Pick<Operation, 'response'>): boolean {
  return Object.values(response).includes(picture)
}

/** A refusal a client can meet: its HTTP status, a title that never changes, and what it tells besides. */
export type ProblemKind = { status: number; title: string; members?: ObjectSchema }

/** All that a service offers over HTTP. */
export type Api = {
  service: string
  title: string
  description: string
  operations: Record<string, Operation>
  problems: Record<string, ProblemKind>
}

/** Declares the API of a service, keeping the exact type of every schema for handlers and clients. */
export function defineApi<const A extends Api>(api: A): A {
  return api
}
