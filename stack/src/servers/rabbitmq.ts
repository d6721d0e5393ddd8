import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import type { StackPaths } from '../paths.ts'
import type { ServerSpec } from '../processes/guarded-process.ts'
import { isAnswered } from '../processes/ports.ts'
import type { BrokerProgram } from '../programs/programs.ts'

const PROBE_TIMEOUT_MS = 1_000
const PROTOCOL_HEADER = Buffer.from('AMQP\u0000\u0000\u0009\u0001', 'latin1')
const METHOD_FRAME = 1

/** The place of the services' messages, and the one where tests may do as they like. */
export const MESSAGE_VHOST = 'bazaar'
const MESSAGE_EXCHANGE = 'bazaar'
const TEST_VHOST = 'tests'
const NODE = 'bazaar@localhost'

/** The ports of the private broker and the password of each account. */
export type BrokerAccess = {
  ports: { rabbitmq: number; rabbitmqNode: number; epmd: number }
  passwords: Readonly<Record<string, string>>
}

/**
 * Prepares the private RabbitMQ of a stack: everything that it would share with another one on the machine (node
 * name, cookie, ports, the directory of nodes) is its own and on 127.0.0.1.
 */
export async function prepareBroker(
  program: BrokerProgram,
  options: { paths: StackPaths; access: BrokerAccess; root?: string | undefined },
): Promise<{ epmd: ServerSpec; rabbitmq: ServerSpec }> {
  const folder = brokerFolder(options.paths)
  const { root, access } = options
  const { ports } = access
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await forgetUnfinishedNode(folder)
  await writeSettings(folder, access)
  const epmd: ServerSpec = {
    name: 'epmd',
    command: [program.epmd, '-port', String(ports.epmd), '-address', '127.0.0.1'],
    root,
    folder,
    environment: process.env,
    graceSeconds: 5,
    probe: () => isAnswered(ports.epmd),
    readyWithinMs: 10_000,
  }
  const rabbitmq: ServerSpec = {
    name: 'rabbitmq',
    command: [program.server],
    root,
    folder,
    environment: { ...process.env, ...nodeEnvironment(folder, ports) },
    graceSeconds: 30,
    probe: () => speaksAmqp(ports.rabbitmq),
    readyWithinMs: 120_000,
  }
  return { epmd, rabbitmq }
}

/** Its presence says that the node has come up with its data once. */
const CAME_UP = 'came-up'

/** Notes that the node is up, so that the next start keeps its data. */
export async function noteBrokerCameUp(paths: StackPaths): Promise<void> {
  await writeFile(join(brokerFolder(paths), CAME_UP), '')
}

/**
 * Removes the data of a node that was killed during its first start. Such a node never gets its feature flags, so it
 * refuses to declare quorum queues for ever. No message is lost, because nothing is sent before it has come up.
 */
async function forgetUnfinishedNode(folder: string): Promise<void> {
  if (existsSync(join(folder, CAME_UP))) return
  // The data of stacks that came up before there was that note.
  const flags = await readFile(join(folder, 'data', `${NODE}-feature_flags`), 'utf8').catch(() => '')
  if (!flags.includes('quorum_queue')) await rm(join(folder, 'data'), { recursive: true, force: true })
}

/** Where the private broker of a stack has its data and settings. */
export function brokerFolder(paths: StackPaths): string {
  return join(paths.stores, 'rabbitmq')
}

/** The URL with which an account reaches the private broker. */
export function brokerUrl(access: BrokerAccess, account: string, vhost: string = MESSAGE_VHOST): string {
  return `amqp://${account}:${access.passwords[account]}@127.0.0.1:${access.ports.rabbitmq}/${vhost}`
}

/** The URL with which tests may declare and delete whatever they like. */
export function brokerTestUrl(access: BrokerAccess): string {
  return brokerUrl(access, 'admin', TEST_VHOST)
}

/** The environment of a node; its tools find the node by the same variables. */
export function nodeEnvironment(folder: string, ports: BrokerAccess['ports']): Record<string, string> {
  return {
    HOME: folder,
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_CRASH_DUMP_SECONDS: '0',
    // Every Erlang program that finds no epmd starts a daemon of its own, which would outlive the stack.
    ERL_AFLAGS: '-start_epmd false',
    RABBITMQ_NODENAME: NODE,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(ports.rabbitmq),
    RABBITMQ_DIST_PORT: String(ports.rabbitmqNode),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'rabbitmq-env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    // Makes the start script become the server instead of watching over it, because the guardian does that.
    RUNNING_UNDER_SYSTEMD: 'true',
  }
}

async function writeSettings(folder: string, access: BrokerAccess): Promise<void> {
  const settings = [
    `listeners.tcp.default = 127.0.0.1:${access.ports.rabbitmq}`,
    // Read when the server starts; relative to its folder.
    'load_definitions = definitions.json',
    'log.console = true',
    'log.console.level = warning',
    'log.file = false',
  ]
  await writeFile(join(folder, 'rabbitmq.conf'), `${settings.join('\n')}\n`)
  await writeFile(join(folder, 'rabbitmq-env.conf'), '')
  await writeFile(join(folder, 'advanced.config'), '[].\n')
  await writeFile(join(folder, 'enabled_plugins'), '[].\n')
  const definitions = JSON.stringify(brokerDefinitions(access.passwords), null, 2)
  await writeFile(join(folder, 'definitions.json'), definitions, { mode: 0o600 })
}

/**
 * The rights at the broker. A service declares the common exchanges `bazaar…` and queues under its own name, and
 * cannot publish in another service's name. The default exchange is needed for messages that return from a retry
 * queue to their own queue.
 */
export function brokerDefinitions(passwords: Readonly<Record<string, string>>) {
  const services = [
    // It only listens: no key is empty.
    { user: 'user', announces: '^$' },
    { user: 'inventory', announces: '^stock\\.' },
    { user: 'order', announces: '^order\\.' },
  ]
  return {
    users: ['admin', ...services.map(({ user }) => user)].map((name) => ({
      name,
      password_hash: hashPassword(passwords[name] ?? ''),
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: name === 'admin' ? ['administrator'] : [],
    })),
    vhosts: [{ name: MESSAGE_VHOST }, { name: TEST_VHOST }],
    permissions: [
      ...[MESSAGE_VHOST, TEST_VHOST].map((vhost) => ({
        user: 'admin',
        vhost,
        configure: '.*',
        write: '.*',
        read: '.*',
      })),
      ...services.map(({ user }) => ({
        user,
        vhost: MESSAGE_VHOST,
        configure: `^(bazaar(\\..+)?|${user}\\..+)$`,
        write: `^(bazaar(\\..+)?|${user}\\..+|amq\\.default)$`,
        read: `^(bazaar(\\..+)?|${user}\\..+)$`,
      })),
    ],
    // RabbitMQ 4.3 refuses rights on a missing exchange; the services declare the same one.
    exchanges: [
      {
        name: MESSAGE_EXCHANGE,
        vhost: MESSAGE_VHOST,
        type: 'topic',
        durable: true,
        auto_delete: false,
        internal: false,
        arguments: {},
      },
    ],
    topic_permissions: services.map(({ user, announces }) => ({
      user,
      vhost: MESSAGE_VHOST,
      exchange: MESSAGE_EXCHANGE,
      write: announces,
      read: '.*',
    })),
  }
}

/** RabbitMQ's own format: four bytes of salt before the SHA-256 of salt and password. */
export function hashPassword(password: string, salt: Buffer = randomBytes(4)): string {
  return Buffer.concat([salt, createHash('sha256').update(salt).update(password).digest()]).toString('base64')
}

/** Whether the broker answers a greeting as AMQP 0-9-1 requires. */
function speaksAmqp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: PROBE_TIMEOUT_MS })
    const settle = (ready: boolean) => {
      socket.destroy()
      resolve(ready)
    }
    socket.once('connect', () => socket.write(PROTOCOL_HEADER))
    socket.once('data', (chunk) => settle(chunk[0] === METHOD_FRAME))
    socket.once('error', () => settle(false))
    socket.once('close', () => settle(false))
    socket.once('timeout', () => settle(false))
  })
}
