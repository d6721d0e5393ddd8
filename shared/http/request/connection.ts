import { DomainError } from '../../problem.ts'

/**
 * Refuses a request to which no answer can be sent any more, so that nothing is done of which nobody hears: the client
 * has gone, or something else arrived behind the request, upon which Bun closes a connection.
 * @throws {DomainError} malformed-request.
 */
export function refuseUnanswerable({ signal }: Request): void {
  if (signal.aborted)
    throw new DomainError('malformed-request', 'Wait for the answer before anything else is sent or closed')
}
