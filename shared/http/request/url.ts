import { DomainError } from '../../problem.ts'

/** The paths that load balancers check, in HTTP/1.0 and without a host as haproxy does. */
const ASKED_WITHOUT_HOST = /^\/health\/(live|ready)$/

/** The URL of a request; a request without a host has only a path. */
export function requestUrl(request: Request): URL {
  return new URL(request.url, 'http://localhost')
}

/**
 * Refuses requests without a host, which HTTP/1.0 allows, except for health checks: Elysia would look for the path of
 * such a request in the wrong place and find pages that should be hidden. Also refuses those with two hosts (RFC
 * 9112, section 3.2), because a proxy in front may have used the other one. The runtimes join the two into one header
 * with a blank, which no host contains.
 * @throws {DomainError} malformed-request.
 */
export function refuseOddHost(request: Request): void {
  if (request.url.startsWith('/') && !ASKED_WITHOUT_HOST.test(request.url))
    throw new DomainError('malformed-request', 'Name the host in the header Host')
  if (/\s/.test(request.headers.get('host') ?? ''))
    throw new DomainError('malformed-request', 'Send the header Host once')
}
