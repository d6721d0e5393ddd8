import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '@bazaar/shared/testing/until'
import { startOf } from './process-table.ts'

const GUARDIAN = fileURLToPath(new URL('guardian.sh', import.meta.url))

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bazaar guardian '))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the guardian', () => {
  test('ends its server when the pipe from the supervisor closes', async () => {
    const { guardian, server } = await guard(['sleep', '600'], 5)
    guardian.stdin?.destroy()
    await once(guardian, 'exit')
    expect(await startOf(server)).toBeUndefined()
  })

  test('kills a server that does not stop when asked', async () => {
    const deaf = join(folder, 'deaf')
    const { guardian, server } = await guard(
      ['sh', '-c', 'trap "" TERM; : >"$0"; while :; do sleep 0.1; done', deaf],
      1,
    )
    await until('the server ignores the signal', () =>
      access(deaf).then(
        () => true,
        () => false,
      ),
    )
    guardian.stdin?.destroy()
    const [status] = await once(guardian, 'exit')
    expect(status).toBe(128 + 9)
    expect(await startOf(server)).toBeUndefined()
  })

  test('ends with the exit status of its server, and takes the pid file away', async () => {
    const { guardian, pidFile } = await guard(['sh', '-c', 'sleep 0.2; exit 7'], 1)
    const [status] = await once(guardian, 'exit')
    expect(status).toBe(7)
    expect(access(pidFile)).rejects.toThrow('ENOENT')
  })

  test('passes TERM on and waits for the server', async () => {
    const { guardian, server } = await guard(
      ['sh', '-c', 'trap "exit 3" TERM; while :; do sleep 0.1; done'],
      5,
    )
    guardian.kill('SIGTERM')
    await once(guardian, 'exit')
    expect(await startOf(server)).toBeUndefined()
  })
})

async function guard(
  command: string[],
  graceSeconds: number,
): Promise<{ guardian: ChildProcess; server: number; pidFile: string }> {
  const pidFile = join(folder, 'server.pid')
  const guardian = spawn('/bin/sh', [GUARDIAN, pidFile, String(graceSeconds), ...command], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const server = await until('the pid file is there', () =>
    readFile(pidFile, 'utf8').then(Number, () => undefined),
  )
  return { guardian, server, pidFile }
}
