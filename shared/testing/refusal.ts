import { RemoteProblem } from '../clients/client.ts'
import { DependencyUnavailable } from '../problem.ts'

/**
 * The refusal that a call through one of the clients ends in.
 * @throws {Error} when the call succeeds, or fails without an answer.
 */
export async function refusal(call: Promise<unknown>): Promise<RemoteProblem> {
  try {
    await call
  } catch (error) {
    const problem = error instanceof DependencyUnavailable ? error.cause : error
    if (problem instanceof RemoteProblem) return problem
    throw error
  }
  throw new Error('Expected a refusal, but the call succeeded')
}
