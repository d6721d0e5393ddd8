import { DomainError } from '@bazaar/shared/problem'
import { DeadlineExceeded, within } from '@bazaar/shared/process/deadline'
import type { Outcome } from './decide-reservations.ts'

/** Leaves the caller two thirds of the time that it has for its call. */
const PROMPT_MS = 500

/**
 * What becomes of each of several requests that one caller sent together. One that waits for something that the others
 * do not wait for has no outcome, and goes on by itself: it can be asked for again.
 *
 * @throws {DependencyUnavailable} when the database cannot be used, or too many wait.
 */
export function promptly<Request>(
  requests: readonly Request[],
  outcomeOf: (request: Request) => Promise<Outcome | undefined>,
): Promise<(Outcome | undefined)[]> {
  return Promise.all(
    requests.map(async (request) => {
      try {
        return await within(PROMPT_MS, outcomeOf(request), 'somebody else has locked it')
      } catch (error) {
        if (error instanceof DomainError) return { refusal: error }
        if (error instanceof DeadlineExceeded) return undefined
        throw error
      }
    }),
  )
}
