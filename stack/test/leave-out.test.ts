import { afterAll, expect, test } from 'bun:test'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import process from 'node:process'
import { until } from '@bazaar/shared/testing/until'
import { removeStack } from '../src/commands/reset.ts'
import { repositoryFolder } from '../src/paths.ts'
import { isAnswered } from '../src/processes/ports.ts'
import { freePortBase } from './free-port-base.ts'

const NAME = `test-leave-out-${process.pid}`
const READY_WITHIN_MS = 300_000
const TEST_TIMEOUT_MS = 400_000

const portBase = await freePortBase()
const [userPort, orderPort] = [portBase + 2, portBase + 4]

let child: ChildProcess | undefined
afterAll(async () => {
  if (child?.exitCode === null && child.kill('SIGINT')) await once(child, 'exit')
  await removeStack(NAME)
}, TEST_TIMEOUT_MS)

test(
  './bazaar start --except user on a new stack is ready without it, says why there is no demo data, and ends in order',
  async () => {
    const start = spawn(join(repositoryFolder, 'bazaar'), ['start', '--except', 'user'], {
      env: { ...process.env, BAZAAR_STACK: NAME, BAZAAR_PORT_BASE: String(portBase) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = start
    let output = ''
    for (const stream of [start.stdout, start.stderr]) stream.on('data', (bytes) => (output += bytes))
    const exit = once(start, 'exit')
    await until(
      'the stack is ready',
      () => {
        if (start.exitCode !== null) throw new Error(`it ended before:\n${output}`)
        return output.includes('Bazaar is ready after')
      },
      READY_WITHIN_MS,
    )

    expect(output).toContain('No demo data: user is left out, and does not run yet.')
    expect(await isAnswered(orderPort)).toBe(true)
    expect(await isAnswered(userPort)).toBe(false)

    start.kill('SIGINT')
    expect(await exit).toEqual([130, null])
    expect(output).not.toMatch(/Error|\n\s+at /)
  },
  TEST_TIMEOUT_MS,
)
