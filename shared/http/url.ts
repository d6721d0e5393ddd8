import { DomainError } from '../problem.ts'

/** What the health checks of load balancers ask, in HTTP/1.0 and without a host as haproxy does. */
const ASKED_WITHOUT_HOST = /^\/health\/(live|ready)$/

/** The URL of a request; one that named no host has a mere path. */
export function requestUrl(request: Request): URL {
  return new URL(request.url, 'http://localhost')
}

/**
 * Refuses requests without a host, which HTTP/1.0 allows, but for health checks: Elysia would look for the path of
 * such a request in the wrong place, and find pages that were thought to be hidden. Refuses those with two as well
 * (RFC 9112, section 3.2): a proxy in front may have gone by the other one. The runtimes make one header of them, with
 * a blank, which no host has.
 * @throws {DomainError} malformed-request.
 */
export function refuseOddHost(request: Request): void {
  if (request.url.startsWith('/') && !ASKED_WITHOUT_HOST.test(request.url))
    throw new DomainError('malformed-request', 'Name the host in the header Host')
  if (/\s/.test(request.headers.get('host') ?? ''))
    throw new DomainError('malformed-request', 'Send the header Host once')
}
