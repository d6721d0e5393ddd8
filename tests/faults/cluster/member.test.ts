import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@bazaar/shared/testing/until'
import { type StackPaths, stackPaths } from '@bazaar/stack/paths'
import { portTaker } from '@bazaar/stack/processes/ports'
import { signal } from '@bazaar/stack/processes/process-table'
import { type Exit, type Member, startMember } from './member.ts'

/**
 * Listens a moment after it was started, as a service does, and leaves with status 0 when it is asked to; a file beside
 * it says that it is still loading what hears the question, or that it has nothing that does.
 */
const PROGRAM = `
const has = (name) => Bun.file(import.meta.dir + '/' + name).exists()
if (await has('loading')) await Bun.sleep(60_000)
if (!(await has('deaf'))) process.on('SIGTERM', () => process.exit(0))
await Bun.sleep(400)
Bun.serve({ hostname: '127.0.0.1', port: process.env.PORT, fetch: () => new Response() })
`
const ASKED = { how: 'exit status 0', expected: true }
const KILLED = { how: 'ended by signal 9', expected: true }
const UNHEARD = 'ended by signal 15'
const BY_ITSELF = { how: 'exit status 0', expected: false }

let paths: StackPaths
let exits: Exit[]
let member: Member

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar member '))
  paths = { ...stackPaths('any'), folder, logs: join(folder, 'logs'), run: join(folder, 'run') }
  await Promise.all([mkdir(paths.logs), mkdir(paths.run), writeFile(join(folder, 'program.ts'), PROGRAM)])
  exits = []
  member = await startMember({
    name: 'user-1',
    service: 'user',
    paths,
    program: [join(folder, 'program.ts')],
    environment: {},
    port: await portTaker()(),
    onExit: (exit) => exits.push(exit),
  })
})
afterEach(async () => {
  await member.stop()
  await rm(paths.folder, { recursive: true })
})

test('that a process ends is expected when it was told to, even while it was starting', async () => {
  const first = member.pid()
  member.kill()
  await until('it is being started again', () => (member.pid() ?? first) !== first)
  await member.leave()
  expect(exits).toMatchObject([KILLED, ASKED])
})

test('that a process ends by the signal is expected while it does not hear it yet', async () => {
  await killedAndStartedAgain('loading')
  await member.leave()
  await rm(join(paths.folder, 'loading'))
  expect(exits).toMatchObject([KILLED, { how: UNHEARD, expected: true }])
})

test('that a process ends by the signal is not expected once it listens', async () => {
  await killedAndStartedAgain('deaf')
  await until('it is back', () => member.isListening())
  await member.leave()
  expect(exits).toMatchObject([KILLED, { how: UNHEARD, expected: false }])
})

test('that a process ends is expected of none that comes after the one that was told to', async () => {
  await member.leave()
  await until('it is back', () => !member.isLeaving())
  const next = member.pid() ?? 0
  signal(next, 'SIGTERM')
  await until('it has ended', () => exits.length === 2)
  expect(exits).toMatchObject([ASKED, BY_ITSELF])
})

/** Kills the process; the next one finds the file beside it. */
async function killedAndStartedAgain(file: string): Promise<void> {
  const first = member.pid()
  await writeFile(join(paths.folder, file), '')
  member.kill()
  await until('it is being started again', () => (member.pid() ?? first) !== first)
}
