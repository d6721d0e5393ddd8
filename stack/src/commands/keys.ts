import process from 'node:process'
import { parseArgs } from 'node:util'
import { iamApi } from '@bazaar/shared/api/iam'
import { inventoryApi } from '@bazaar/shared/api/inventory'
import { clientOf, RemoteProblem } from '@bazaar/shared/clients/client'
import { DependencyUnavailable } from '@bazaar/shared/problem'
import { defaultStackName, stackPaths } from '../paths.ts'
import { KEY_GRANTS, KEY_HOLDERS, type KeyHolder } from '../services/issue-keys.ts'
import { loadSecrets, saveSecrets } from '../services/secrets.ts'
import { serviceUrl } from '../services/services.ts'
import { StackError } from '../stack-error.ts'
import { table } from '../table.ts'
import { findRunningStack } from './running-stack.ts'

const DAY_MS = 24 * 3_600_000
const DEFAULT_DAYS = 365
/** As long as a service lets a key live. */
const DAYS_MAX = 730
const USAGE = `Say what to do with the keys that iam or inventory accepts:
  ./bazaar keys list SERVICE
  ./bazaar keys issue SERVICE --caller NAME --scopes SCOPE,SCOPE [--days ${DEFAULT_DAYS}]
  ./bazaar keys rotate SERVICE PUBLIC_ID [--days ${DEFAULT_DAYS}]
  ./bazaar keys revoke SERVICE PUBLIC_ID`

type Issuer = 'iam' | 'inventory'
type Issued = { key: string; publicId: string; expiresAt: string }
type Shown = {
  publicId: string
  caller: string
  scopes: string[]
  createdAt: string
  expiresAt: string
  revokedAt: string | null
  lastUsedAt: string | null
}

/** The actions on a service's API keys. */
type Keys = {
  list: () => Promise<Shown[]>
  issue: (key: { caller: string; scopes: string[]; expiresAt: string }) => Promise<Issued>
  rotate: (publicId: string, expiresAt: string) => Promise<Issued>
  revoke: (publicId: string) => Promise<void>
}

/**
 * Issues, lists, rotates and revokes API keys. The service is the one of the running stack, or the one at
 * BAZAAR_KEYS_URL, called with a key of scope keys:manage in BAZAAR_KEYS_API_KEY.
 */
export async function keys(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { caller: { type: 'string' }, scopes: { type: 'string' }, days: { type: 'string' } },
  })
  const [action, service, publicId] = positionals
  if (service !== 'iam' && service !== 'inventory') throw new StackError(USAGE)
  const keysThere = await keysOf(service)
  const expiresAt = expiryIn(values.days)
  return await orSay(async () => {
    switch (action) {
      case 'list':
        print(await keysThere.list(), new Date())
        break
      case 'issue':
        if (!values.caller || !values.scopes) throw new StackError(USAGE)
        hand(
          await keysThere.issue({
            caller: values.caller,
            scopes: scopesIn(service, values.scopes),
            expiresAt,
          }),
        )
        break
      case 'rotate':
        if (!publicId) throw new StackError(USAGE)
        await rotate(keysThere, { service, publicId, expiresAt })
        break
      case 'revoke':
        if (!publicId) throw new StackError(USAGE)
        await keysThere.revoke(publicId)
        console.error(`Revoked: every instance of ${service} refuses it from now on.`)
        sayWhoIsRefused(await stackKeyHolder(service, publicId))
        break
      default:
        throw new StackError(USAGE)
    }
    return 0
  })
}

/** The service that keeps the keys, called with a key that may manage them. */
async function keysOf(service: Issuer): Promise<Keys> {
  const { BAZAAR_KEYS_URL: baseUrl, BAZAAR_KEYS_API_KEY: apiKey } = process.env
  // With only one of the two, this stack's own keys would be changed instead of those that were meant.
  if (!baseUrl !== !apiKey)
    throw new StackError('Set both BAZAAR_KEYS_URL and BAZAAR_KEYS_API_KEY, or neither for this stack.')
  if (baseUrl && apiKey) return keysAt(service, { baseUrl, apiKey })
  const { wiring } = await findRunningStack(stackPaths(defaultStackName()))
  return keysAt(service, {
    baseUrl: serviceUrl(wiring.servicePorts, service),
    apiKey: wiring.secrets.bootstrapKeys[service],
  })
}

function keysAt(service: Issuer, where: { baseUrl: string; apiKey: string }): Keys {
  return asKeys(service === 'iam' ? clientOf(iamApi, where) : clientOf(inventoryApi, where))
}

/** The part of a client that both services have. */
type KeyClient = Pick<
  ReturnType<typeof clientOf<typeof iamApi>>,
  'listApiKeys' | 'issueApiKey' | 'rotateApiKey' | 'revokeApiKey'
>

function asKeys(client: KeyClient): Keys {
  return {
    list: async () => (await client.listApiKeys({})).body.items,
    issue: async (body) => (await client.issueApiKey({ body })).body,
    rotate: async (publicId, expiresAt) =>
      (await client.rotateApiKey({ params: { publicId }, body: { expiresAt } })).body,
    revoke: async (publicId) => {
      await client.revokeApiKey({ params: { publicId } })
    },
  }
}

async function rotate(
  keysThere: Keys,
  { service, publicId, expiresAt }: { service: Issuer; publicId: string; expiresAt: string },
): Promise<void> {
  const holder = await stackKeyHolder(service, publicId)
  const issued = await keysThere.rotate(publicId, expiresAt)
  hand(issued)
  if (holder) {
    const paths = stackPaths(defaultStackName())
    const secrets = await loadSecrets(paths)
    const known = secrets.issuedKeys[holder]
    if (known) secrets.issuedKeys[holder] = { ...known, key: issued.key, expiresAt: issued.expiresAt }
    await saveSecrets(paths, secrets)
    console.error(
      `It is stored for this stack's ${holder}: ./bazaar stop and ./bazaar start make ${holder} use it.`,
    )
  }
  console.error(`Both keys work. Once the new one is in use: ./bazaar keys revoke ${service} ${publicId}`)
}

/** The service of this stack that uses the key; undefined when it belongs to someone else, or is stored elsewhere. */
async function stackKeyHolder(service: Issuer, publicId: string): Promise<KeyHolder | undefined> {
  if (process.env['BAZAAR_KEYS_URL']) return undefined
  const { issuedKeys } = await loadSecrets(stackPaths(defaultStackName()))
  return KEY_HOLDERS.find(
    (holder) => KEY_GRANTS[holder].issuer === service && issuedKeys[holder]?.key.split('_')[2] === publicId,
  )
}

function sayWhoIsRefused(holder: KeyHolder | undefined): void {
  if (holder)
    console.error(
      `It was the key of this stack's ${holder}: ./bazaar stop and ./bazaar start give it a new one.`,
    )
}

/** The scopes at each service: those its callers here get, and the management of the keys themselves. */
function scopesIn(service: Issuer, text: string): string[] {
  const known = KEY_HOLDERS.flatMap((holder) => {
    const { issuer, scopes } = KEY_GRANTS[holder]
    return issuer === service ? [...scopes] : []
  })
  const possible: string[] = [...known, 'keys:manage']
  const scopes = text.split(',').map((scope) => scope.trim())
  if (scopes.every((scope) => possible.includes(scope))) return scopes
  throw new StackError(`Give --scopes as one or more of ${possible.join(', ')}, with commas between them.`)
}

function expiryIn(days = String(DEFAULT_DAYS)): string {
  if (!/^[1-9][0-9]{0,2}$/.test(days) || Number(days) > DAYS_MAX)
    throw new StackError(`Give --days as a number from 1 to ${DAYS_MAX}.`)
  return new Date(Date.now() + Number(days) * DAY_MS).toISOString()
}

/** Only the key goes to standard output, so that it can be piped to its place unseen. */
function hand({ key, publicId, expiresAt }: Issued): void {
  console.log(key)
  console.error(
    `This is the only time that the key ${publicId} is shown. It expires on ${expiresAt.slice(0, 10)}.`,
  )
}

function print(keysThere: readonly Shown[], now: Date): void {
  const rows = keysThere.map((key) => [
    key.publicId,
    key.caller,
    key.scopes.join(','),
    key.revokedAt ? 'revoked' : new Date(key.expiresAt) < now ? 'expired' : 'valid',
    key.expiresAt.slice(0, 10),
    key.lastUsedAt?.slice(0, 16).replace('T', ' ') ?? 'never',
  ])
  console.log(table([['id', 'caller', 'scopes', 'state', 'expires', 'last used'], ...rows]).join('\n'))
}

async function orSay(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    const problem = error instanceof DependencyUnavailable ? error.cause : error
    if (problem instanceof RemoteProblem)
      throw new StackError(
        `Cannot do this: ${[problem.message, problem.detail, ...fieldsOf(problem)].filter(Boolean).join('. ')}`,
      )
    if (error instanceof DependencyUnavailable)
      throw new StackError(`Cannot manage the keys: ${error.message}.`)
    throw error
  }
}

function fieldsOf({ errors }: RemoteProblem): string[] {
  return errors.map(({ pointer, code }) => `${pointer ?? 'the request'}: ${code}`)
}
