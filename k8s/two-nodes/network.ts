import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { attempt, output, run } from '@bazaar/docker/command'

/** A machine of its own as far as the network goes: a namespace with one cable to the bridge. */
export type Node = { namespace: string; address: string; cable: string }

/** Two nodes on a bridge; the machine itself is at `gateway`. */
export type Network = { gateway: string; nodes: readonly [Node, Node]; remove: () => Promise<void> }

/** Every name that this suite gives begins like this, with the process that gave it after it. */
const PREFIX = 'bzn'

/**
 * Makes two nodes and the network between them. Needs root on Linux.
 * @throws {Error} when it may not.
 */
export async function createNetwork(): Promise<Network> {
  await removeLeftovers()
  const name = `${PREFIX}${process.pid.toString(36)}`
  const subnet = `10.213.${process.pid % 250}`
  const gateway = `${subnet}.1`
  const nodes = [nodeNamed(name, subnet, 'a', 11), nodeNamed(name, subnet, 'b', 12)] as const
  const remove = () => removeNetwork(name)
  try {
    await run(['ip', 'link', 'add', name, 'type', 'bridge'])
    await run(['ip', 'address', 'add', `${gateway}/24`, 'dev', name])
    await run(['ip', 'link', 'set', name, 'up'])
    for (const node of nodes) await addNode(node, name)
    return { gateway, nodes, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Pulls the cable of a node, or puts it back. */
export async function setCable({ cable }: Node, state: 'in' | 'out'): Promise<void> {
  await run(['ip', 'link', 'set', cable, state === 'in' ? 'up' : 'down'])
}

/** The command that runs another one on a node. */
export function onNode({ namespace }: Node): readonly [string, ...string[]] {
  return ['ip', 'netns', 'exec', namespace]
}

function nodeNamed(name: string, subnet: string, letter: string, host: number): Node {
  return { namespace: `${name}${letter}`, address: `${subnet}.${host}`, cable: `${name}v${letter}` }
}

async function addNode({ namespace, address, cable }: Node, bridge: string): Promise<void> {
  const inside = ['ip', '-n', namespace]
  await run(['ip', 'netns', 'add', namespace])
  await run(['ip', 'link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace])
  await run(['ip', 'link', 'set', cable, 'master', bridge, 'up'])
  await run([...inside, 'address', 'add', `${address}/24`, 'dev', 'eth0'])
  await run([...inside, 'link', 'set', 'lo', 'up'])
  await run([...inside, 'link', 'set', 'eth0', 'up'])
}

/** What runs that were killed have left behind, with the processes in it. */
async function removeLeftovers(): Promise<void> {
  const namespaces = await output(['ip', 'netns', 'list'])
  const names = new Set(
    [...namespaces.matchAll(new RegExp(`^(${PREFIX}[0-9a-z]+)[ab]\\b`, 'gm'))].map(([, name]) => name ?? ''),
  )
  for (const name of names) {
    const pid = Number.parseInt(name.slice(PREFIX.length), 36)
    if (!(await isRunning(pid))) await removeNetwork(name)
  }
}

async function removeNetwork(name: string): Promise<void> {
  for (const letter of ['a', 'b']) {
    const { stdout } = await attempt(['ip', 'netns', 'pids', `${name}${letter}`])
    const pids = stdout.split(/\s+/).filter(Boolean)
    if (pids.length > 0) await attempt(['kill', '-KILL', ...pids])
    // Its end of the cable goes with it, and so does the other end.
    await attempt(['ip', 'netns', 'delete', `${name}${letter}`])
  }
  await attempt(['ip', 'link', 'delete', name])
}

async function isRunning(pid: number): Promise<boolean> {
  try {
    await readFile(`/proc/${pid}/cmdline`)
    return true
  } catch {
    // Whoever it was, it is gone.
    return false
  }
}
