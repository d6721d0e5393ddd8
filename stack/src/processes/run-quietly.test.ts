import { expect, test } from 'bun:test'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@bazaar/shared/testing/until'
import { startOf } from './process-table.ts'
import { runQuietly } from './run-quietly.ts'

test('runQuietly() shows the end of the output of a command that fails', () => {
  expect(runQuietly(['sh', '-c', 'echo no room; exit 3'])).rejects.toThrow(
    '`sh -c echo no room; exit 3` failed with status 3:\nno room',
  )
})

test('runQuietly() ends a command, and what that has started, when told to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar run '))
  const pidFile = join(folder, 'pid')
  const controller = new AbortController()
  // The first shell is asked to end and does not; the second one is what it waits for.
  const script = 'trap "" TERM; sh -c \'echo $$ >"$1.new" && mv "$1.new" "$1"; sleep 600\' sh "$1"; wait'
  const running = runQuietly(['sh', '-c', script, 'sh', pidFile], { signal: controller.signal })
  const grandchild = await until('the grandchild is there', () =>
    readFile(pidFile, 'utf8').then(Number, () => undefined),
  )
  controller.abort(new Error('told to'))
  expect(running).rejects.toThrow('told to')
  await running.catch(() => undefined)
  await until('the grandchild is gone', async () => (await startOf(grandchild)) === undefined)
  await rm(folder, { recursive: true })
})

test('runQuietly() begins nothing once it was told to end', () => {
  const signal = AbortSignal.abort(new Error('told to'))
  expect(runQuietly(['no-such-program'], { signal })).rejects.toThrow('told to')
})
