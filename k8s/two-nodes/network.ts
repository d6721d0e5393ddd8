import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { run } from '@bazaar/docker/command'
import { afterUs } from '@bazaar/shared/testing/child'

/** A machine of its own as far as the network goes: a namespace with one cable to the bridge. */
export type Node = { pid: number; address: string; cable: string }

/** Two nodes on a bridge; the machine itself is at `gateway`. */
export type Network = { gateway: string; nodes: readonly [Node, Node]; remove: () => Promise<void> }

const PREFIX = 'bzn'

/**
 * Makes two nodes and the network between them, which are gone when this process is, however it ends. Needs root
 * on Linux.
 * @throws {Error} when it may not.
 */
export async function createNetwork(): Promise<Network> {
  const bridge = `${PREFIX}${process.pid.toString(36)}`
  const subnet = `10.213.${process.pid % 250}`
  const gateway = `${subnet}.1`
  const holders = [holdNamespace(), holdNamespace()] as const
  const bridgeEnd = afterUs('ip link delete "$0"', bridge)
  const remove = async () => {
    for (const one of [...holders, bridgeEnd]) await endOf(one)
  }
  try {
    await run(['ip', 'link', 'add', bridge, 'type', 'bridge'])
    await run(['ip', 'address', 'add', `${gateway}/24`, 'dev', bridge])
    await run(['ip', 'link', 'set', bridge, 'up'])
    const a = await addNode(holders[0], { bridge, address: `${subnet}.11`, cable: `${bridge}a` })
    const b = await addNode(holders[1], { bridge, address: `${subnet}.12`, cable: `${bridge}b` })
    return { gateway, nodes: [a, b], remove }
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
export function onNode({ pid }: Pick<Node, 'pid'>): readonly [string, ...string[]] {
  return ['nsenter', '--target', String(pid), '--net', '--']
}

/** A namespace lasts as long as a process is in it: this one waits for the end of its input, which only we hold. */
function holdNamespace(): ChildProcess {
  return spawn('unshare', ['--net', 'sh', '-c', 'echo there; read -r _'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
}

async function addNode(
  holder: ChildProcess,
  { bridge, address, cable }: { bridge: string; address: string; cable: string },
): Promise<Node> {
  const { pid, stdout } = holder
  if (pid === undefined || stdout === null) throw new Error('Cannot run unshare, which makes namespaces')
  const [there]: unknown[] = await Promise.race([once(stdout, 'data'), once(holder, 'exit')])
  if (!String(there).startsWith('there')) throw new Error('Cannot make a network namespace: it takes root')
  const inside = onNode({ pid })
  const peer = ['peer', 'name', 'eth0', 'netns', String(pid)]
  await run(['ip', 'link', 'add', cable, 'type', 'veth', ...peer])
  await run(['ip', 'link', 'set', cable, 'master', bridge, 'up'])
  await run([...inside, 'ip', 'address', 'add', `${address}/24`, 'dev', 'eth0'])
  await run([...inside, 'ip', 'link', 'set', 'lo', 'up'])
  await run([...inside, 'ip', 'link', 'set', 'eth0', 'up'])
  return { pid, address, cable }
}

async function endOf(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return
  const ended = once(holder, 'exit')
  holder.stdin?.end()
  await ended
}
