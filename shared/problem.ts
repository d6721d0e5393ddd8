/** One thing wrong with one field of a request: where (JSON Pointer, RFC 6901) and what, never the value. */
export type FieldError = { pointer: string; code: string; limit?: number | string }

type DomainErrorOptions = {
  errors?: FieldError[]
  retryAfterSeconds?: number
  members?: Record<string, unknown>
  headers?: Record<string, string>
  cause?: unknown
}

/**
 * A refusal that the rules of the marketplace demand. `code` is stable and listed in the API description;
 * it decides the HTTP status. `detail` is for people and never holds a received value.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly code: string
  readonly errors: FieldError[] | undefined
  readonly retryAfterSeconds: number | undefined
  readonly members: Record<string, unknown>
  readonly headers: Record<string, string>

  constructor(code: string, detail: string, options: DomainErrorOptions = {}) {
    super(detail, { cause: options.cause })
    this.code = code
    this.errors = options.errors
    this.retryAfterSeconds = options.retryAfterSeconds
    this.members = options.members ?? {}
    this.headers = options.headers ?? {}
  }
}

/**
 * Something this service needs (its database, Redis, the broker, another service) did not answer in time or
 * at all. Nothing was changed. The client gets a 503 and may repeat the request as it was.
 */
export class DependencyUnavailable extends Error {
  override readonly name = 'DependencyUnavailable'
  readonly dependency: string
  readonly retryAfterSeconds: number

  constructor(dependency: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(`${dependency} did not answer`, { cause: options.cause })
    this.dependency = dependency
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1
  }
}

/**
 * The database broke off while a change was being committed: it may have happened or not. Only a repetition
 * with the same Idempotency-Key tells.
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown'

  constructor(cause: unknown) {
    super('the database broke off during a commit', { cause })
  }
}

/**
 * Something that must never happen, noticed before it was committed: the transaction is rolled back, nobody is
 * told that it succeeded, and it is counted in `invariant_violation_total`.
 */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation'
  readonly invariant: string

  constructor(invariant: string, detail: string) {
    super(detail)
    this.invariant = invariant
  }
}

/**
 * Makes sure of something that is always so.
 * @throws {InvariantViolation} when it is not.
 */
export function assertInvariant(holds: boolean, invariant: string, detail: string): void {
  if (!holds) throw new InvariantViolation(invariant, detail)
}
