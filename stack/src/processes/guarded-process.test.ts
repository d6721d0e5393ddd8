import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { until } from '@bazaar/shared/testing/until'
import { type StackPaths, stackPaths } from '../paths.ts'
import { recordPath, type ServerSpec, startGuarded } from './guarded-process.ts'
import { startOf } from './process-table.ts'

let paths: StackPaths
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar guarded '))
  paths = { ...stackPaths('any'), folder, logs: folder, run: join(folder, 'run') }
})
afterEach(() => rm(paths.folder, { recursive: true }))

test('startGuarded() keeps a server whose record cannot be written, and writes it as soon as that is possible', async () => {
  // A folder in the place of the record is in the way as a full disk is.
  await mkdir(recordPath(paths, 'sleeper'), { recursive: true })
  const server = await startGuarded(sleeper('sleep 600'), paths)
  expect(await startOf(server.pid)).toBeString()
  await rm(recordPath(paths, 'sleeper'), { recursive: true })
  await until('the record is there', () =>
    readFile(recordPath(paths, 'sleeper'), 'utf8').then(
      (text) => text.includes(`"pid": ${server.pid}`),
      () => false,
    ),
  )
  await server.stop()
  expect(await startOf(server.pid)).toBeUndefined()
})

test('startGuarded() ends a server of which it cannot learn the process', async () => {
  // The folder in which the guardian is to write it does not exist.
  const pidFile = join(paths.folder, 'pid')
  const starting = startGuarded(sleeper('echo $$ >"$0"; sleep 600', pidFile), paths)
  expect(starting).rejects.toThrow('Cannot start a server')
  const pid = Number(await until('the server runs', () => readFile(pidFile, 'utf8').catch(() => undefined)))
  await starting.catch(() => undefined)
  expect(await startOf(pid)).toBeUndefined()
}, 30_000)

function sleeper(script: string, ...args: string[]): ServerSpec {
  return {
    name: 'sleeper',
    command: ['sh', '-c', script, ...args],
    folder: paths.folder,
    environment: process.env,
    graceSeconds: 2,
    probe: () => Promise.resolve(true),
    readyWithinMs: 5_000,
  }
}
