import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import type { StackPaths } from '../paths.ts'
import type { ServerSpec } from '../processes/guarded-process.ts'

const PROBE_TIMEOUT_MS = 1_000

/** Commands that every client needs to log in and to find out whether the server works. */
const CLIENT_COMMANDS = '+@connection -@dangerous +info'

/** The port of the private Redis, and the password of each account. */
export type RedisAccess = { port: number; passwords: Readonly<Record<string, string>> }

/**
 * Prepares the private Redis (or Valkey) of a stack. Every write is on the disk before it is acknowledged, because an
 * ended session must not come back after a crash.
 */
export async function prepareRedis(
  program: string,
  options: { paths: StackPaths; access: RedisAccess; root?: string | undefined },
): Promise<ServerSpec> {
  const folder = join(options.paths.stores, 'redis')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const settings = [
    `port ${options.access.port}`,
    'bind 127.0.0.1',
    'protected-mode yes',
    'dir .',
    'aclfile users.acl',
    'appendonly yes',
    'appendfsync always',
    'save ""',
    'maxmemory-policy noeviction',
  ]
  await writeFile(join(folder, 'redis.conf'), `${settings.join('\n')}\n`)
  await writeFile(join(folder, 'users.acl'), accessRules(options.access.passwords), { mode: 0o600 })
  return {
    name: 'redis',
    command: [program, 'redis.conf'],
    root: options.root,
    folder,
    environment: process.env,
    graceSeconds: 10,
    probe: () => answersPing(options.access),
    readyWithinMs: 30_000,
  }
}

/** The URL with which an account reaches the private Redis. */
export function redisUrl(access: RedisAccess, account: string): string {
  return `redis://${account}:${access.passwords[account]}@127.0.0.1:${access.port}`
}

/**
 * The rights in Redis: the user service writes sessions and counts log-in attempts; the others may only look a
 * session up, move its idle expiry, and count requests. Passwords appear only as hashes.
 */
export function accessRules(passwords: Readonly<Record<string, string>>): string {
  const account = (name: string, rules: string) =>
    `user ${name} on #${createHash('sha256')
      .update(passwords[name] ?? '')
      .digest('hex')} ${rules}\n`
  // These commands can neither make nor change a session, even in a script, because a session is not a number.
  const counting = '+incrby +pttl +eval +evalsha +script|load'
  const reader = `resetchannels ~session:* ~rate:* ${CLIENT_COMMANDS} +get +pexpire ${counting}`
  return [
    // Nobody can log in as `default`. But Redis itself reads its log as that user after a crash, and skips the
    // transactions that the user may not run: every end of a session was one.
    'user default off resetpass allkeys allchannels +@all\n',
    account('admin', 'allkeys allchannels +@all'),
    account(
      'user',
      `resetchannels ~session:* ~sessions:* ~attempts:* ~rate:* +@read +@write +@transaction +@scripting +time ${CLIENT_COMMANDS}`,
    ),
    account('inventory', reader),
    account('order', reader),
  ].join('')
}

/** Whether the server accepts the administrator and answers, which it does not do while it loads its data. */
function answersPing(access: RedisAccess): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: access.port, timeout: PROBE_TIMEOUT_MS })
    let answer = ''
    const settle = (ready: boolean) => {
      socket.destroy()
      resolve(ready)
    }
    socket.once('connect', () => socket.write(`AUTH admin ${access.passwords['admin']}\r\nPING\r\n`))
    socket.on('data', (chunk) => {
      answer += String(chunk)
      if (answer.split('\r\n').length > 2) settle(answer === '+OK\r\n+PONG\r\n')
    })
    socket.once('error', () => settle(false))
    socket.once('close', () => settle(false))
    socket.once('timeout', () => settle(false))
  })
}
