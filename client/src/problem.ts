import type { CommonCode, Problems } from './api.ts'

/** One thing wrong with one field of what was sent: where it is (JSON Pointer) and what is wrong. */
export type FieldError = { pointer: string; code: string; limit?: number | string }

/** What every problem has (RFC 9457). */
type AnyProblem = {
  type: string
  title: string
  detail?: string
  /** The urn:uuid of the request, which the logs of the service have, too. */
  instance: string
  errors?: FieldError[]
}

/** The code of a problem: stable, and what programs look at. */
export type ProblemCode = keyof Problems

/**
 * A refusal or failure as the service tells it; `switch` on its `code`. A service that is newer than this client may
 * have codes that are not listed, so keep a `default`.
 */
export type Problem<Code extends ProblemCode = ProblemCode> = {
  [C in Code]: AnyProblem & { code: C } & Problems[C]
}[Code]

/** The problems that one operation can meet, as in `ProblemOf<OrderApi['placeOrder']>`. */
export type ProblemOf<O extends { problem: ProblemCode }> = Problem<O['problem'] | CommonCode>

type Circumstances = {
  idempotencyKey?: string | undefined
  retryAfterSeconds?: number | undefined
  cause?: unknown
}

/** The service refused, or said that it failed. `problem` tells why. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem
  /** The key that the request was sent with. */
  readonly idempotencyKey: string | undefined
  /** How long the service asked to wait; it may be more than this client waits by itself. */
  readonly retryAfterSeconds: number | undefined

  constructor(problem: Problem, { idempotencyKey, retryAfterSeconds }: Circumstances) {
    super(`${problem.status} ${problem.code}: ${problem.detail ?? problem.title}`)
    this.problem = problem
    this.idempotencyKey = idempotencyKey
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/**
 * No answer came from the service: the network failed, it took too long, or something in front of the service
 * answered. The request may have been carried out; send it again with the same `idempotencyKey`.
 */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
  readonly idempotencyKey: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(message: string, { idempotencyKey, retryAfterSeconds, cause }: Circumstances) {
    super(message, { cause })
    this.idempotencyKey = idempotencyKey
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The problem that an error carries, to `switch` on its `code`; undefined when it is any other error. */
export function problemOf(error: unknown): Problem | undefined {
  return error instanceof ProblemError ? error.problem : undefined
}

/** Whether the body of an answer is a problem of Bazaar. */
export function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
}
