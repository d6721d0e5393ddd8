import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { ensureInstalled } from '@bazaar/docker/command'
import { iamClient } from '@bazaar/shared/clients/iam'
import { newId } from '@bazaar/shared/database/columns'
import { issueKey } from '@bazaar/shared/testing/callers'
import { freePort } from '@bazaar/shared/testing/service'
import { until } from '@bazaar/shared/testing/until'
import { removeStack } from '@bazaar/stack/commands/reset'
import { repositoryFolder } from '@bazaar/stack/paths'
import { SERVICES } from '@bazaar/stack/servers/databases'
import { UNLIMITED } from '@bazaar/stack/services/unlimited'
import { type Stack, startStack } from '@bazaar/stack/stack'
import { type Load, startLoad, type Tally } from '../two-nodes/load.ts'
import { createNetwork, type Network, onNode, setCable } from '../two-nodes/network.ts'
import { isReady, type Server, startServer } from '../two-nodes/processes.ts'
import { DATABASE_PORT, type FrontDoor, NODE_PORT, startProxy } from '../two-nodes/proxy.ts'

/*
 * IAM on two nodes as k8s/overlays/minikube runs it, without Kubernetes: network namespaces are the nodes, haproxy
 * stands in front like a Service, and users log in all the time. `bun run two-nodes`; needs root on Linux.
 */

const STACK = `test-two-nodes-${process.pid}`
const PASSWORD = 'a quiet lake at four in the morning'
/** Like the `preStop` of the manifests, shorter: one proxy is told at once, not every node of a cluster. */
const PRE_STOP_MS = 1_000
const REVOKED_WITHIN_MS = 5_000
/** Those under way on the node when its cable is pulled: no more than there are callers, and each once more. */
const CABLE_FAILURES_MAX = 8
/** What is asked beside the load may take longer than a service would wait for it. */
const PATIENCE_MS = 30_000
const NODES = ['a', 'b'] as const
type NodeName = (typeof NODES)[number]

setDefaultTimeout(180_000)

let folder: string
let stack: Stack
let network: Network
let proxy: FrontDoor
let load: Load
let environment: Record<string, string>
const servers = new Map<NodeName, Server>()
const figures: string[] = []
const issuing = { caller: 'user', scopes: ['credentials:write', 'credentials:verify'] }

beforeAll(async () => {
  await ensureInstalled({ haproxy: 'haproxy', ip: 'iproute2' })
  folder = await mkdtemp(join(tmpdir(), 'bazaar-two-nodes-'))
  stack = await startStack({
    name: STACK,
    except: SERVICES,
    external: {},
    environment: { ...UNLIMITED, BCRYPT_COST: '10' },
  })
  network = await createNetwork()
  const databaseUrl = new URL(stack.environmentOf('iam')['DATABASE_URL'] ?? '')
  const ways = [{ port: DATABASE_PORT, to: Number(databaseUrl.port) }]
  proxy = await startProxy(network, { folder, port: await freePort(), ways })
  databaseUrl.host = `${network.gateway}:${DATABASE_PORT}`
  environment = {
    ...stack.environmentOf('iam'),
    DATABASE_URL: databaseUrl.href,
    HOST: '0.0.0.0',
    PORT: String(NODE_PORT),
    ENVIRONMENT: 'test',
  }
  await Promise.all(NODES.map(startIam))
  const apiKey = await issueKey(
    { url: urlOf('a') },
    { ...issuing, bootstrapKey: environment['BOOTSTRAP_API_KEY'] ?? '' },
  )
  const userId = newId()
  await iamClient({ baseUrl: urlOf('a'), apiKey, timeoutMs: PATIENCE_MS }).setCredential({
    params: { userId },
    body: { password: PASSWORD },
  })
  await until('the proxy leads somewhere', () => isReady(proxy.url))
  const body = JSON.stringify({ userId, password: PASSWORD })
  load = startLoad((signal) =>
    fetch(`${proxy.url}/authentications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
      body,
      signal,
    }),
  )
})

afterAll(async () => {
  process.stdout.write(`\n${figures.join('\n')}\n`)
  await load?.stop()
  for (const server of servers.values()) await server.end('SIGKILL')
  await proxy?.end('SIGKILL')
  await network?.remove()
  await stack?.stop()
  await removeStack(STACK)
  await rm(folder, { recursive: true, force: true })
})

test('two nodes answer log-ins without a failure while nothing happens', async () => {
  const tally = await load.during(() => load.sends(20))
  note('nothing happens', tally)
  expect(tally.failures).toEqual([])
  expect(tally.sent).toBeGreaterThanOrEqual(20)
})

test('no log-in fails when the IAM of one node is killed and comes back', async () => {
  const tally = await load.during(async () => {
    await load.sends(5)
    await servers.get('a')?.end('SIGKILL')
    await load.sends(20)
    await startIam('a')
    await load.sends(10)
  })
  note('one IAM killed', tally)
  expect(tally.failures).toEqual([])
})

test('few log-ins fail when the cable of one node is pulled, and none soon after', async () => {
  const [, node] = network.nodes
  const pulled = await load.during(async () => {
    await setCable(node, 'out')
    await delay(6_000)
    await load.sends(10)
  })
  note('one cable pulled', pulled)
  const apart = await load.during(() => load.sends(20))
  note('one node apart', apart)
  const healed = await load.during(async () => {
    await setCable(node, 'in')
    await until('the node is ready again', () => isReady(urlOf('b')))
    await load.sends(10)
  })
  note('the cable is back', healed)
  expect(pulled.failures.length).toBeLessThanOrEqual(CABLE_FAILURES_MAX)
  expect([apart.failures, healed.failures]).toEqual([[], []])
})

test('no log-in fails while each node is drained and replaced in turn', async () => {
  const statuses: (number | null | undefined)[] = []
  const tally = await load.during(async () => {
    for (const node of NODES) {
      await proxy.setState(node, 'drain')
      await delay(PRE_STOP_MS)
      statuses.push(await servers.get(node)?.end('SIGTERM'))
      await startIam(node)
      await proxy.setState(node, 'ready')
      await load.sends(10)
    }
  })
  note('drained and replaced in turn', tally)
  expect(statuses).toEqual([0, 0])
  expect(tally.failures).toEqual([])
})

test('an API key that is revoked on one node is refused by the other within five seconds', async () => {
  const bootstrapKey = environment['BOOTSTRAP_API_KEY'] ?? ''
  const key = await issueKey({ url: urlOf('a') }, { ...issuing, bootstrapKey })
  const codeAt = async (node: NodeName) => {
    const answer = await fetch(`${urlOf(node)}/authentications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: JSON.stringify({ userId: newId(), password: PASSWORD }),
    })
    const { code }: { code?: string } = await answer.json()
    return code
  }
  expect(await codeAt('b')).toBe('wrong-credentials')
  const operator = iamClient({ baseUrl: urlOf('a'), apiKey: bootstrapKey, timeoutMs: PATIENCE_MS })
  await operator.revokeApiKey({ params: { publicId: key.split('_')[2] ?? '' } })
  const revokedAt = performance.now()
  await until('the other node refuses it', async () => (await codeAt('b')) === 'unauthenticated')
  const tookMs = Math.round(performance.now() - revokedAt)
  figures.push(`revoked on one node, refused by the other within ${tookMs} ms`)
  expect(tookMs).toBeLessThan(REVOKED_WITHIN_MS)
})

async function startIam(name: NodeName): Promise<void> {
  const node = network.nodes[name === 'a' ? 0 : 1]
  const main = join(repositoryFolder, 'services/iam/src/main.ts')
  const startedAt = performance.now()
  const command = [...onNode(node), process.execPath, '--no-env-file', main] as const
  servers.set(name, await startServer([...command], { environment, isReady: () => isReady(urlOf(name)) }))
  figures.push(`node ${name}: ready in ${Math.round(performance.now() - startedAt)} ms`)
}

function urlOf(name: NodeName): string {
  return `http://${network.nodes[name === 'a' ? 0 : 1].address}:${NODE_PORT}`
}

function note(what: string, { sent, failures, slowestMs }: Tally): void {
  const kinds = [...new Set(failures)].join(', ')
  figures.push(
    `${what}: ${sent} log-ins, ${failures.length} failed${kinds && ` (${kinds})`}, the slowest took ${slowestMs} ms`,
  )
}
