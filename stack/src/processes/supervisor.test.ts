import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { until } from '@bazaar/shared/testing/until'
import { type StackPaths, stackPaths } from '../paths.ts'
import type { ServerSpec } from './guarded-process.ts'
import { signal, startOf } from './process-table.ts'
import { nextDelayMs, type SupervisorEvent, supervise } from './supervisor.ts'

let paths: StackPaths
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar supervisor '))
  paths = { ...stackPaths('any'), folder, logs: join(folder, 'logs'), run: join(folder, 'run') }
  await Promise.all([mkdir(paths.logs), mkdir(paths.run)])
})
afterEach(() => rm(paths.folder, { recursive: true }))

describe('supervise()', () => {
  test('starts a server again when it ends, and says so', async () => {
    const events: SupervisorEvent[] = []
    const server = supervise(spec(['sleep', '600']), { paths, onEvent: (event) => events.push(event) })
    await server.ready
    const first = server.pid() ?? 0
    signal(first, 'SIGKILL')
    await until('the server is back', () => events.some(({ kind }) => kind === 'back'))
    expect(events).toMatchObject([
      { kind: 'ended', name: 'sleeper', exit: 'ended by signal 9', restartInMs: 500 },
      { kind: 'back', name: 'sleeper' },
    ])
    const second = server.pid() ?? 0
    expect(second).not.toBe(first)
    await server.stop()
    expect(await startOf(second)).toBeUndefined()
    expect(events.at(-1)).toEqual({ kind: 'stopped', name: 'sleeper', exit: 'ended by signal 15' })
  })

  test('gives up on a server that never was ready, and shows what it wrote', async () => {
    const failing = spec(['sh', '-c', 'echo the disk is full; exit 3'], () => Promise.resolve(false))
    const server = supervise(failing, { paths, onEvent: () => undefined })
    expect(server.ready).rejects.toThrow(/Cannot start sleeper \(exit status 3\)[\s\S]*the disk is full/)
    await server.ready.catch(() => undefined)
    await server.stop()
  })

  test('gives up on a server that is not ready in time, and stops it', async () => {
    const slow = { ...spec(['sleep', '600'], () => Promise.resolve(false)), readyWithinMs: 200 }
    const server = supervise(slow, { paths, onEvent: () => undefined })
    expect(server.ready).rejects.toThrow('not ready within 0.2 s')
    await server.ready.catch(() => undefined)
    const pid = server.pid()
    expect(pid && (await startOf(pid))).toBeUndefined()
  })
})

test('nextDelayMs() doubles up to half a minute', () => {
  const delays = [500]
  while (delays.length < 9) delays.push(nextDelayMs(delays.at(-1) ?? 0))
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
})

function spec(command: [string, ...string[]], probe = () => Promise.resolve(true)): ServerSpec {
  return {
    name: 'sleeper',
    command,
    folder: paths.folder,
    environment: process.env,
    graceSeconds: 2,
    probe,
    readyWithinMs: 5_000,
  }
}
