import { expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { until } from '@bazaar/shared/testing/until'
import { run } from '../images/command.ts'
import type { PrivatePlace } from '../images/private-place.ts'

test('what runs and what is mounted in a private place is gone when the process that made it is killed', async () => {
  const program = `
    import { makePrivatePlace } from '${new URL('../images/private-place.ts', import.meta.url)}'
    console.log(JSON.stringify(await makePrivatePlace()))
    setInterval(() => undefined, 1_000)
  `
  const maker = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const { enter, folder } = await made(maker.stdout)
  const mounted = join(folder, 'mounted')
  await run([...enter, 'mkdir', mounted])
  await run([...enter, 'mount', '-t', 'tmpfs', 'tmpfs', mounted])
  await run([...enter, 'sh', '-c', 'touch "$0/seen-inside-only"; setsid sleep 4711 <&- >&- 2>&- &', mounted])
  expect(existsSync(join(mounted, 'seen-inside-only'))).toBe(false)
  await until('it runs', async () => (await sleepers()) === 1)

  maker.kill('SIGKILL')

  await until('it runs no more', async () => (await sleepers()) === 0)
  await until('the folder is gone', () => !existsSync(folder))
  expect(await readFile('/proc/mounts', 'utf8')).not.toContain(folder)
}, 120_000)

async function made(written: NodeJS.ReadableStream): Promise<PrivatePlace> {
  for await (const line of createInterface({ input: written })) return JSON.parse(line)
  throw new Error('there is no place')
}

/** How many processes of this machine sleep for so oddly long. */
async function sleepers(): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  )
  return commands.filter((command) => command === 'sleep\u00004711\u0000').length
}
