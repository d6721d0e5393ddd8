import { type Pact, readPact } from './pact-file.ts'

/** How to reach a Pact Broker. */
export type BrokerAccess = { url: string; token?: string; timeoutMs?: number }

/** A pact that a broker holds, and where it wants to hear what a verification came to. */
export type BrokeredPact = Pact & { url: string; resultsUrl: string }

type Links = Record<string, { href?: string }>

/**
 * The pacts that a provider has to keep: those of its consumers' main branches, and those of the consumers that
 * are deployed or released anywhere.
 *
 * @throws {Error} when the broker has none: nothing to verify is never a success.
 */
export async function fetchPacts(
  broker: BrokerAccess,
  provider: string,
  branch: string,
): Promise<BrokeredPact[]> {
  const { _embedded = {} }: { _embedded?: { pacts?: { _links: Links }[] } } = await call(
    broker,
    `/pacts/provider/${encodeURIComponent(provider)}/for-verification`,
    {
      method: 'POST',
      body: {
        consumerVersionSelectors: [
          { mainBranch: true },
          { matchingBranch: true },
          { deployedOrReleased: true },
        ],
        providerVersionBranch: branch,
      },
    },
  )
  const { pacts = [] } = _embedded
  if (pacts.length === 0) throw new Error(`The broker has no pact for ${provider}`)
  return Promise.all(pacts.map(({ _links }) => fetchPact(broker, linkOf(_links, 'self'))))
}

async function fetchPact(broker: BrokerAccess, url: string): Promise<BrokeredPact> {
  const found: { _links: Links } = await call(broker, url)
  const pact = readPact(JSON.stringify(found), url)
  return { ...pact, url, resultsUrl: linkOf(found._links, 'pb:publish-verification-results') }
}

/** Tells the broker what a verification came to. Only a strict success is one. */
export async function publishResult(
  broker: BrokerAccess,
  pact: BrokeredPact,
  result: { success: boolean; providerVersion: string; problems: string[] },
): Promise<void> {
  const { success, providerVersion, problems } = result
  await call(broker, pact.resultsUrl, {
    method: 'POST',
    body: { success, providerApplicationVersion: providerVersion, testResults: { problems } },
  })
}

/** Tells the broker on which branch a version of a provider is. */
export async function noteBranch(
  broker: BrokerAccess,
  provider: string,
  version: { branch: string; providerVersion: string },
): Promise<void> {
  const [name, branch, number] = [provider, version.branch, version.providerVersion].map(encodeURIComponent)
  await call(broker, `/pacticipants/${name}/branches/${branch}/versions/${number}`, {
    method: 'PUT',
    body: {},
  })
}

const TIMEOUT_MS = 20_000

async function call(
  { url, token, timeoutMs = TIMEOUT_MS }: BrokerAccess,
  path: string,
  { method = 'GET', body }: { method?: string; body?: object } = {},
) {
  const answer = await fetch(path.startsWith('/') ? `${url.replace(/\/$/, '')}${path}` : path, {
    method,
    headers: {
      accept: 'application/hal+json, application/json',
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: body ? JSON.stringify(body) : null,
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!answer.ok) throw new Error(`The broker answered ${answer.status} to ${method} ${path}`)
  return answer.json()
}

function linkOf(links: Links, name: string): string {
  const href = links[name]?.href
  if (!href) throw new Error(`The broker gives no link "${name}"`)
  return href
}
