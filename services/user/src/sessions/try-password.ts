import { DomainError } from '@bazaar/shared/problem'
import { passedOn } from '../accounts/iam.ts'
import type { Deps } from '../deps.ts'
import { type Attempt, beginAttempt, takeBackAttempt } from './attempt-store.ts'

/**
 * Runs work that reveals whether a password is right, unless too many wrong ones were tried lately. Callers who have
 * to wait get the same answer, whether the user exists or not and whether this password would have been right.
 *
 * @throws {DomainError} too-many-requests, or the errors of the work.
 */
export async function tryPassword<T>(deps: Deps, attempt: Attempt, work: () => Promise<T>): Promise<T> {
  const { redis, attempts } = deps
  const waitMs = await beginAttempt(redis, attempt, attempts)
  if (waitMs > 0) {
    throw new DomainError('too-many-requests', 'Too many wrong passwords; try again later', {
      retryAfterSeconds: Math.ceil(waitMs / 1_000),
    })
  }
  let result: T
  try {
    result = await work()
  } catch (error) {
    const isWrong = error instanceof DomainError && error.code === 'wrong-credentials'
    if (!isWrong) await takeBackAttempt(redis, attempt, 'undecided')
    throw error
  }
  await takeBackAttempt(redis, attempt, 'right')
  return result
}

/**
 * Makes a logged-in user prove the password, because holding their session is not enough.
 * @throws {DomainError} wrong-credentials or too-many-requests.
 */
export async function proveUser(
  deps: Deps,
  proof: { userId: string; password: string; address: string },
): Promise<void> {
  const { userId, password, address } = proof
  await tryPassword(deps, { login: `user:${userId}`, address }, () =>
    passedOn(deps.iam.verifyCredential({ body: { userId, password } })),
  )
}
