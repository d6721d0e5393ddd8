import type { TSchema } from 'elysia'
import type { Access, Api, Operation, Schema, Static } from '../../api/operation.ts'
import type { commonProblems } from '../../api/problems.ts'
import type { problemBody } from '../../api/schema.ts'
import type { NamedOperation } from '../admission.ts'
import { detailOf, type pictureForm, schemasOf } from './route-schemas.ts'

/**
 * Elysia types a context by a macro's name and not by its argument, so each kind of access rule has a macro of its
 * own.
 */
type CallerMacro<A extends Access> = A extends 'anyone'
  ? { anyone: true }
  : A extends { key: string }
    ? { apiKey: true }
    : { session: true }

type HeaderMacros<O> = (O extends { idempotencyKey: true } ? { idempotencyKey: true } : unknown) &
  (O extends { ifMatch: 'required' }
    ? { ifMatch: true }
    : O extends { ifMatch: 'optional' }
      ? { optionalIfMatch: true }
      : unknown)

type Part<O, Name extends string> = O extends { [K in Name]: infer S } ? { [K in Name]: S } : unknown

/** The schema that no value matches. */
type Impossible = TSchema & { static: never }

/** All that a service may refuse with, by code. */
type Kinds<A extends Described> = typeof commonProblems & A['problems']

/** The codes of an operation: those that it lists, and those that any operation of its kind has (`problemsOf`). */
type CodeOf<O extends Operation> =
  | (O extends { problems: readonly (infer Code extends string)[] } ? Code : never)
  | ('malformed-request' | 'not-acceptable' | 'validation-failed' | 'too-many-requests')
  | ('dependency-unavailable' | 'overloaded' | 'internal-error')
  | (O extends { method: 'GET' } | { commits: false } ? never : 'outcome-unknown')
  | (O['access'] extends 'anyone' ? never : 'unauthenticated')
  | (O['access'] extends { key: string } | { session: 'BUYER' | 'SELLER' } ? 'forbidden' : never)
  | (O extends { body: unknown } ? 'malformed-json' : never)
  | (O extends { body: unknown } | { imageBodyBytesMax: number }
      ? 'body-too-large' | 'unsupported-media-type' | 'request-too-slow'
      : never)
  | (O extends { idempotencyKey: true } ? `idempotency-key-${'missing' | 'malformed' | 'reused'}` : never)
  | (O extends { ifMatch: 'required' } ? 'if-match-missing' : never)
  | (O extends { ifMatch: string } ? 'if-match-malformed' | 'precondition-failed' : never)

type StatusOf<K, Code> = Code extends keyof K ? (K[Code] extends { status: infer S } ? S : never) : never
type CodeAt<K, Code, Status> = Code extends keyof K
  ? K[Code] extends { status: Status }
    ? Code
    : never
  : never
type MembersOf<Kind> = Kind extends { members: infer M extends Schema } ? Static<M> : unknown

/** The problem of one code, or of each of several: the type that clients see. */
type ProblemOf<K, Code> = Code extends keyof K
  ? Static<typeof problemBody> & { code: Code } & MembersOf<K[Code]>
  : never

/** The problems of an operation by status, as schemas whose types tell the codes apart. */
type Refusals<A extends Described, O extends Operation, K = Kinds<A>> = {
  [Status in StatusOf<K, CodeOf<O>> & number]: TSchema & {
    static: ProblemOf<K, CodeAt<K, CodeOf<O>, Status>>
  }
}

/**
 * If a handler returns without naming a status, the value must be one of the successes. Elysia checks it against 200,
 * and checks nothing if no 200 is declared. So a 200 is always declared, even if no value can match it.
 */
type Responses<A extends Described, O extends Operation> = O['response'] &
  (200 extends keyof O['response'] ? unknown : { 200: Impossible }) &
  Refusals<A, O>

type Described = Pick<Api, 'operations' | 'problems'>

/** The hook of one operation, for its route. */
export type Hook<A extends Described, O extends Operation> = { operation: NamedOperation } & CallerMacro<
  O['access']
> &
  HeaderMacros<O> &
  Part<O, 'params'> &
  Part<O, 'query'> &
  (O extends { imageBodyBytesMax: number } ? { body: typeof pictureForm } : Part<O, 'body'>) & {
    response: Responses<A, O>
    detail: ReturnType<typeof detailOf>
  }

/** The hooks of an API by the names of its operations. */
export type Hooks<A extends Described> = { [Name in keyof A['operations']]: Hook<A, A['operations'][Name]> }

/**
 * The hooks of an API's operations, for the routes of one app. They are made anew each time, because Elysia removes
 * the macros from a hook it is given. To the contract they add the macros of `operations.ts`, the refusal of unknown
 * properties at every depth, and the refusals by status.
 */
export function hooksOf<const A extends Described>(api: A): Hooks<A> {
  const hooks = Object.entries<Operation>(api.operations).map(([name, operation]) => [
    name,
    {
      operation: { ...operation, name },
      ...callerMacroOf(operation.access),
      ...headerMacrosOf(operation),
      ...schemasOf(api, operation),
      detail: detailOf(name, operation),
    },
  ])
  // Each hook has the members that its operation declares, and the macros that `Hook` derives in the same way.
  return Object.fromEntries(hooks) as Hooks<A>
}

function callerMacroOf(access: Access) {
  if (access === 'anyone') return { anyone: true }
  return 'key' in access ? { apiKey: true } : { session: true }
}

function headerMacrosOf({ idempotencyKey, ifMatch }: Operation) {
  return {
    ...(idempotencyKey ? { idempotencyKey } : {}),
    ...(ifMatch === 'required' ? { ifMatch: true } : {}),
    ...(ifMatch === 'optional' ? { optionalIfMatch: true } : {}),
  }
}
