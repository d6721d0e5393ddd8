import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '@bazaar/shared/testing/until'
import type { Supervised } from '../src/processes/supervisor.ts'
import {
  type BrokerAccess,
  brokerFolder,
  brokerUrl,
  nodeEnvironment,
  prepareBroker,
} from '../src/servers/rabbitmq.ts'
import { type Announcing, openAnnouncing, QUEUE } from './announcing.ts'
import {
  endStores,
  newPaths,
  passwords,
  programs,
  START_WITHIN_MS,
  start,
  startDatabase,
  takePort,
} from './private-stores.ts'

/*
 * A queue of three nodes gets another leader while the connections to the node that services know live on: moved by
 * hand, and because the node of its leader is gone.
 */

const MESSAGES = 40
const run = promisify(execFile)

type Node = { name: string; server: Supervised; environment: Record<string, string> }
let nodes: Node[]
let ctl: string
let announcing: Announcing

beforeAll(async () => {
  const [database, cluster] = await Promise.all([startDatabase(), startNodes()])
  nodes = cluster.nodes
  announcing = await openAnnouncing({
    database,
    order: brokerUrl(cluster.access, 'order'),
    inventory: brokerUrl(cluster.access, 'inventory'),
  })
}, 3 * START_WITHIN_MS)

afterAll(async () => {
  await announcing?.close()
  await endStores()
}, START_WITHIN_MS)

describe('a queue whose leader', () => {
  test('is moved by hand goes on, and loses nothing', async () => {
    const [, second] = nodes
    const problems = watchProblems()
    const sent = await announceWhile(() =>
      ask(
        nodes[0],
        'eval',
        `{ok, Q} = ${lookUp()}, rabbit_quorum_queue:transfer_leadership(Q, '${second?.name}').`,
      ),
    )
    await until('the second node leads', async () => (await leader()) === second?.name)
    await announcing.allHandled(sent)
    expect(problems()).toEqual([])
  })

  test('dies goes on, and loses nothing', async () => {
    const [, second] = nodes
    expect(await leader()).toBe(second?.name ?? '')
    const sent = await announceWhile(async () => second?.server.stop())
    await until('another leads', async () => ![second?.name, ''].includes(await leader()))
    await announcing.allHandled([...sent, ...(await announceWhile(async () => undefined))])
    await until('both are well', () => announcing.problem() === undefined)
  })
})

/** Announces cancellations, half of them before something happens and half while it does. */
async function announceWhile(happens: () => Promise<unknown>): Promise<string[]> {
  const before = await announcing.announce(MESSAGES / 2)
  const [during] = await Promise.all([announcing.announce(MESSAGES / 2), happens()])
  return [...before, ...during]
}

/** Looks at readiness all the time; the result ends that and answers what was said. */
function watchProblems(): () => string[] {
  const said = new Set<string>()
  const timer = setInterval(() => {
    const problem = announcing.problem()
    if (problem) said.add(problem)
  }, 5)
  return () => {
    clearInterval(timer)
    return [...said]
  }
}

function lookUp(): string {
  return `rabbit_amqqueue:lookup(rabbit_misc:r(<<"bazaar">>, queue, <<"${QUEUE}">>))`
}

/** The node that leads the queue; empty while it has no leader. */
async function leader(): Promise<string> {
  const said = await ask(nodes[0], 'list_queues', '--vhost', 'bazaar', 'name', 'leader', '--silent')
  return (
    said
      .split('\n')
      .find((line) => line.startsWith(`${QUEUE}\t`))
      ?.split('\t')[1] ?? ''
  )
}

/** Asks a node for something that only its own program can. */
async function ask(node: Node | undefined, ...words: string[]): Promise<string> {
  const { stdout } = await run(ctl, ['--quiet', '-n', node?.name ?? '', ...words], {
    env: { ...process.env, ...node?.environment },
    timeout: START_WITHIN_MS,
  })
  return stdout.trim()
}

/** Starts three nodes and makes them one cluster; services know the first. */
async function startNodes() {
  const { rabbitmq: program } = await programs()
  if (!program) throw new Error('There is no RabbitMQ on this machine')
  ctl = join(dirname(program.server), 'rabbitmqctl')
  const [epmdPort, home] = [await takePort(), await newPaths()]
  const nodes: Node[] = []
  const newAccess = async (): Promise<BrokerAccess> => ({
    ports: { rabbitmq: await takePort(), rabbitmqNode: await takePort(), epmd: epmdPort },
    passwords,
  })
  const known = await newAccess()
  for (const name of ['one', 'two', 'three']) {
    const paths = await newPaths()
    const access = nodes.length === 0 ? known : await newAccess()
    const { epmd, rabbitmq } = await prepareBroker(program, { paths, access })
    if (nodes.length === 0) await start(epmd, paths)
    const environment = {
      ...nodeEnvironment(brokerFolder(paths), access.ports),
      // The cookie is there, which all nodes share.
      HOME: home.folder,
      RABBITMQ_NODENAME: `${name}@localhost`,
    }
    const spec = { ...rabbitmq, environment: { ...rabbitmq.environment, ...environment } }
    nodes.push({ name: `${name}@localhost`, environment, server: await start(spec, paths) })
  }
  for (const node of nodes.slice(1))
    for (const words of [['stop_app'], ['reset'], ['join_cluster', 'one@localhost'], ['start_app']])
      await ask(node, ...words)
  return { nodes, access: known }
}
