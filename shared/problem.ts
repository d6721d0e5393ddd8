/** One thing wrong with one field of a request: its place (JSON Pointer, RFC 6901) and a code, never the value. */
export type FieldError = { pointer: string; code: string; limit?: number | string }

type DomainErrorOptions = {
  errors?: FieldError[]
  retryAfterSeconds?: number
  members?: Record<string, unknown>
  headers?: Record<string, string>
  cause?: unknown
}

/**
 * A refusal that follows from the rules of the marketplace. `code` is stable, is listed in the API description and
 * decides the HTTP status. `detail` is for people and never contains a value that was sent.
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
 * A dependency of this service (its database, Redis, the broker, another service) did not answer in time, or not at
 * all. Nothing was changed, or nothing that a repetition would not change alike. The client gets a 503 and may repeat the
 * request unchanged.
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
 * A store broke off during a change: the database during a commit, or another one after it. So the change may or may not
 * be complete. Only repeating the request can tell, with the same Idempotency-Key where it has one.
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown'

  constructor(cause: unknown) {
    super('a store broke off during a change', { cause })
  }
}

/** What to throw in the middle of a change of several stores: if one is away, nobody knows how far the change came. */
export function inMidChange(error: unknown): unknown {
  return error instanceof DependencyUnavailable ? new OutcomeUnknown(error) : error
}

/**
 * Somebody else holds a row for longer than a statement waits, and the work was not to wait again. Nothing was changed.
 * It is only for those who do the work: they do it again, and patiently.
 */
export class RowHeld extends Error {
  override readonly name = 'RowHeld'

  constructor(cause: unknown) {
    super('somebody else holds a row', { cause })
  }
}

/**
 * A state that must never occur was noticed before the commit. The transaction is rolled back, nobody is told that it
 * succeeded, and `invariant_violation_total` counts it.
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
 * Checks that an invariant holds.
 * @throws {InvariantViolation} when it does not.
 */
export function assertInvariant(holds: boolean, invariant: string, detail: string): void {
  if (!holds) throw new InvariantViolation(invariant, detail)
}
