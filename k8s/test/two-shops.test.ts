import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { ensureInstalled, output } from '@bazaar/docker/command'
import { freePort } from '@bazaar/shared/testing/service'
import { until } from '@bazaar/shared/testing/until'
import { removeStack } from '@bazaar/stack/commands/reset'
import { repositoryFolder } from '@bazaar/stack/paths'
import { UNLIMITED } from '@bazaar/stack/services/unlimited'
import { type Stack, startStack } from '@bazaar/stack/stack'
import { type Load, startLoad } from '../two-nodes/load.ts'
import { createNetwork, type Network, onNode } from '../two-nodes/network.ts'
import { isReady, type Server, startServer } from '../two-nodes/processes.ts'
import { type FrontDoor, NODE_PORT, startProxy } from '../two-nodes/proxy.ts'

/*
 * The shop on two nodes, as the manifests run it: two replicas behind one address, with ways to user, inventory and order and
 * to nothing else. Somebody looks around and fills their basket all the time; each request may meet the other replica.
 */

const STACK = `test-two-shops-${process.pid}`
const NODES = ['a', 'b'] as const
type NodeName = (typeof NODES)[number]
/** Where the nodes find the services that the shop may reach. */
const WAYS = { user: 8101, inventory: 8102, order: 8103 } as const

setDefaultTimeout(300_000)

let folder: string
let stack: Stack
let network: Network
let proxy: FrontDoor
let load: Load
let environment: Record<string, string>
const servers = new Map<NodeName, Server>()

beforeAll(async () => {
  await ensureInstalled({ haproxy: 'haproxy', ip: 'iproute2' })
  folder = await mkdtemp(join(tmpdir(), 'bazaar-two-shops-'))
  stack = await startStack({
    name: STACK,
    external: {},
    environment: { ...UNLIMITED, BCRYPT_COST: '10' },
  })
  network = await createNetwork()
  const ways = Object.entries(WAYS).map(([name, port]) => ({ port, to: portOf(name) }))
  const port = await freePort()
  proxy = await startProxy(network, { folder, port, ways })
  const at = (way: number) => `http://${network.gateway}:${way}`
  environment = {
    USER_URL: at(WAYS.user),
    INVENTORY_URL: at(WAYS.inventory),
    ORDER_URL: at(WAYS.order),
    ORIGINS: proxy.url,
    COOKIE_SECRET: 'the same on both nodes, the same on both nodes',
    HOST: '0.0.0.0',
    PORT: String(NODE_PORT),
    ENVIRONMENT: 'test',
  }
  await Promise.all(NODES.map(startShop))
  await until('the proxy leads somewhere', () => isReady(proxy.url))
  load = startLoad(await somebodyWhoLooksAround(proxy.url))
})

afterAll(async () => {
  await load?.stop()
  for (const server of servers.values()) await server.end('SIGKILL')
  await proxy?.end('SIGKILL')
  await network?.remove()
  await stack?.stop()
  await removeStack(STACK)
  await rm(folder, { recursive: true, force: true })
})

test('a form and the cookies of one shop count at the other, and no page fails while nothing happens', async () => {
  const tally = await load.during(() => load.sends(40))
  expect(tally.failures).toEqual([])
})

test('the nodes reach user, inventory and order, and neither iam nor any store', async () => {
  const [node] = network.nodes
  const asked = async (port: number) => {
    const program = `fetch('http://${network.gateway}:${port}/health/live').then(({ status }) => console.log(status), () => console.log('no way'))`
    return (await output([...onNode(node), process.execPath, '-e', program])).trim()
  }
  expect(await Promise.all(Object.values(WAYS).map(asked))).toEqual(['200', '200', '200'])
  const stores = Object.values(stack.adminUrls).map((url) => Number(new URL(url).port))
  const others = [portOf('iam'), ...stores]
  expect(await Promise.all(others.map(asked))).toEqual(others.map(() => 'no way'))
})

test('no page fails when one shop is killed and comes back', async () => {
  const tally = await load.during(async () => {
    await load.sends(5)
    await servers.get('a')?.end('SIGKILL')
    await load.sends(30)
    await startShop('a')
    await load.sends(10)
  })
  expect(tally.failures).toEqual([])
})

test('no page fails while each shop is drained and replaced in turn', async () => {
  const statuses: (number | null | undefined)[] = []
  const tally = await load.during(async () => {
    for (const node of NODES) {
      await proxy.setState(node, 'drain')
      await load.sends(5)
      statuses.push(await servers.get(node)?.end('SIGTERM'))
      await startShop(node)
      await proxy.setState(node, 'ready')
      await load.sends(10)
    }
  })
  expect(statuses).toEqual([0, 0])
  expect(tally.failures).toEqual([])
})

/** Looks at the home page, and changes the language by a form, in turn: both may be done twice. */
async function somebodyWhoLooksAround(url: string) {
  const page = await fetch(url)
  const token = /name="token" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const cookie = page.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  let number = 0
  return (signal: AbortSignal): Promise<Response> => {
    number++
    if (number % 2 === 0) return fetch(url, { headers: { cookie }, signal })
    const body = new URLSearchParams({ token, language: 'de', next: '/search' })
    return fetch(`${url}/language`, { method: 'POST', headers: { cookie, origin: url }, body, signal })
  }
}

async function startShop(name: NodeName): Promise<void> {
  const node = network.nodes[name === 'a' ? 0 : 1]
  const main = join(repositoryFolder, 'shop/src/main.ts')
  const command = [...onNode(node), process.execPath, '--no-env-file', main] as const
  const url = `http://${node.address}:${NODE_PORT}`
  servers.set(name, await startServer([...command], { environment, isReady: () => isReady(url) }))
}

function portOf(service: string): number {
  const url = Object.entries(stack.urls).find(([name]) => name === service)?.[1] ?? ''
  return Number(new URL(url).port)
}
