import { afterAll, describe, expect, test } from 'bun:test'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { until } from '@bazaar/shared/testing/until'
import { connect } from 'amqplib'
import { Redis } from 'ioredis'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { removeStack } from '../src/commands/reset.ts'
import { privateFolder, stackPaths } from '../src/paths.ts'
import { startOf } from '../src/processes/process-table.ts'

/** What `run-stores.ts` says once its servers work. */
type Ready = { mysql: string; redis: string; rabbitmq: string; pids: Record<string, number> }

const NAME = `test-kill-${process.pid}`
const GONE_WITHIN_MS = 60_000
const TEST_TIMEOUT_MS = 300_000

afterAll(() => removeStack(NAME))

describe('a private stack', () => {
  test(
    'leaves no process behind when its supervisor is killed, and has all data when started again',
    async () => {
      const first = await run()
      await remember(first.ready)
      first.process.kill('SIGKILL')
      await once(first.process, 'exit')

      // At once, while the guardians are still at work.
      const second = await run()
      expect(await running(first.ready.pids)).toEqual([])
      expect(await recall(second.ready)).toEqual({ mysql: 'kept', redis: 'kept', rabbitmq: 'kept' })
      expect(new URL(second.ready.mysql).port).toBe(new URL(first.ready.mysql).port)

      second.process.kill('SIGKILL')
      await until(
        'the servers are gone',
        async () => (await running(second.ready.pids)).length === 0,
        GONE_WITHIN_MS,
      )
      expect(await mountsLeft()).toEqual([])
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'stops everything in order when asked, and is run by one process at a time',
    async () => {
      const stack = await run()
      const rival = spawnStack()
      const [rivalStatus] = await once(rival, 'exit')
      expect(rivalStatus).not.toBe(0)

      stack.process.kill('SIGTERM')
      const [status] = await once(stack.process, 'exit')
      expect(status).toBe(0)
      expect(await running(stack.ready.pids)).toEqual([])
      expect(await readdir(stackPaths(NAME).run)).toEqual([])
    },
    TEST_TIMEOUT_MS,
  )
})

/** The mounts of this machine below the folder of all stacks. */
async function mountsLeft(): Promise<string[]> {
  if (process.platform !== 'linux') return []
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n')
  return mounts.filter((mount) => mount.includes(privateFolder))
}

function spawnStack(): ChildProcess {
  const program = fileURLToPath(new URL('run-stores.ts', import.meta.url))
  return spawn(process.execPath, [program, NAME], { stdio: ['pipe', 'pipe', 'ignore'] })
}

async function run(): Promise<{ process: ChildProcess; ready: Ready }> {
  const child = spawnStack()
  if (!child.stdout) throw new Error('the stack has no output')
  for await (const line of createInterface({ input: child.stdout })) {
    const ready: Ready = JSON.parse(line)
    return { process: child, ready }
  }
  throw new Error('the stack did not start')
}

async function remember({ mysql, redis, rabbitmq }: Ready): Promise<void> {
  const database = await createConnection({ uri: `${mysql}/bazaar_iam` })
  await database.query('create table memory (word varchar(9))')
  await database.query('insert into memory values (?)', ['kept'])
  await database.end()

  const sessions = new Redis(redis)
  await sessions.set('session:memory', 'kept')
  sessions.disconnect()

  const broker = await connect(rabbitmq)
  const channel = await broker.createConfirmChannel()
  await channel.assertQueue('memory', { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  channel.sendToQueue('memory', Buffer.from('kept'), { persistent: true })
  await channel.waitForConfirms()
  await broker.close()
}

async function recall({ mysql, redis, rabbitmq }: Ready): Promise<Record<string, unknown>> {
  const database = await createConnection({ uri: `${mysql}/bazaar_iam` })
  const [rows] = await database.query<RowDataPacket[]>('select word from memory')
  await database.end()

  const sessions = new Redis(redis)
  const word = await sessions.get('session:memory')
  sessions.disconnect()

  const broker = await connect(rabbitmq)
  const channel = await broker.createChannel()
  const message = await until(
    'the message is there',
    () => channel.get('memory', { noAck: true }),
    GONE_WITHIN_MS,
  )
  await broker.close()
  return { mysql: rows[0]?.['word'], redis: word, rabbitmq: message.content.toString() }
}

/** Which of the processes are still there. */
async function running(pids: Record<string, number>): Promise<string[]> {
  const states = await Promise.all(
    Object.entries(pids).map(async ([name, pid]) => ({ name, there: (await startOf(pid)) !== undefined })),
  )
  return states.filter(({ there }) => there).map(({ name }) => name)
}
