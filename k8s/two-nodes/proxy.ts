import { writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import type { Network } from './network.ts'
import { type Server, startServer } from './processes.ts'

/** The port on which each node serves. */
export const NODE_PORT = 8080
/** The nodes find the database of this machine here. */
export const DATABASE_PORT = 3306

/** What stands in front of the nodes, as a Service and its probes do in a cluster. */
export type FrontDoor = {
  url: string
  /** Sends a node no new requests any more, or again. */
  setState: (node: 'a' | 'b', state: 'drain' | 'ready') => Promise<void>
  end: Server['end']
}

/** A way from the nodes to this machine: the port on the gateway, and the one that it leads to. */
export type Way = { port: number; to: number }

/**
 * Starts haproxy. It asks each node twice a second whether it is ready, and gives a request whose node dies or says
 * nothing for six seconds to the other node, so nothing may be asked here that does harm when it is done twice. Those times are
 * long enough for a machine that is busy with other things. From the nodes there are no ways but those given.
 */
export async function startProxy(
  network: Network,
  options: { folder: string; port: number; ways: readonly Way[] },
): Promise<FrontDoor> {
  const file = join(options.folder, 'haproxy.cfg')
  const socket = join(options.folder, 'haproxy.sock')
  await writeFile(file, settings(network, { ...options, socket }))
  const url = `http://127.0.0.1:${options.port}`
  const command = async (line: string) => await tell(socket, line)
  const server = await startServer(['/usr/sbin/haproxy', '-db', '-f', file], {
    environment: {},
    isReady: async () => await answers(socket),
  })
  return {
    url,
    setState: (node, state) => command(`set server nodes/${node} state ${state}`),
    end: server.end,
  }
}

function settings(
  { gateway, nodes: [a, b] }: Network,
  options: { port: number; ways: readonly Way[]; socket: string },
): string {
  return `global
  stats socket ${options.socket} mode 600 level admin
defaults
  timeout connect 500ms
  timeout check 2s
  timeout client 1h
  timeout server 6s
frontend people
  mode http
  bind 127.0.0.1:${options.port}
  default_backend nodes
backend nodes
  mode http
  balance roundrobin
  option httpchk GET /health/ready
  option http-buffer-request
  option redispatch 1
  retries 3
  retry-on conn-failure empty-response response-timeout
  default-server check inter 500ms fall 2 rise 1
  server a ${a.address}:${NODE_PORT}
  server b ${b.address}:${NODE_PORT}
${options.ways.map((way) => wayFrom(gateway, way)).join('')}`
}

function wayFrom(gateway: string, { port, to }: Way): string {
  return `listen way-${port}
  mode tcp
  timeout server 1h
  bind ${gateway}:${port}
  server machine 127.0.0.1:${to}
`
}

async function answers(socket: string): Promise<boolean> {
  try {
    await tell(socket, 'show info')
    return true
  } catch {
    // Not there yet.
    return false
  }
}

/** haproxy answers a command with an empty line when it has done it. */
function tell(path: string, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path, () => socket.end(`${line}\n`))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += String(chunk)
    })
    socket.once('error', reject)
    socket.once('close', () => {
      if (line.startsWith('set ') && answer.trim() !== '') reject(new Error(`haproxy: ${answer.trim()}`))
      else resolve()
    })
  })
}
