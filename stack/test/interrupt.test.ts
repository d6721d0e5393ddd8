import { afterAll, describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { until } from '@bazaar/shared/testing/until'
import { spawn as spawnInTerminal } from 'bun'
import { removeStack } from '../src/commands/reset.ts'
import { repositoryFolder, stackPaths } from '../src/paths.ts'
import { freePortBase } from './free-port-base.ts'

/*
 * `./bazaar start` in a terminal, interrupted at each of its steps: by Ctrl-C, and by a kill of the supervisor. What is
 * judged is what is reached, never how fast: the bounds are those of a machine that has very much else to do.
 */

const NAME = `test-interrupt-${process.pid}`
const paths = stackPaths(NAME)
const script = join(repositoryFolder, 'bazaar')
const environment = { ...process.env, BAZAAR_STACK: NAME, BAZAAR_PORT_BASE: String(await freePortBase()) }

const REACHED_WITHIN_MS = 300_000
/** Twice as long as the slowest server may take to stop. */
const ENDED_WITHIN_MS = 90_000
const TEST_TIMEOUT_MS = 600_000
const CTRL_C = '\u0003'

afterAll(() => removeStack(NAME))

describe('./bazaar start', () => {
  // In the order in which a stack that is new comes to them. Each begins where the one before it has left the data.
  const steps = [
    'Find the servers',
    'Start (MariaDB|MySQL)',
    'Prepare the databases',
    'Start the services',
    'Load demo data',
  ]

  test.each(steps)(
    'ends in order when Ctrl-C is pressed at the step: %s',
    async (step) => {
      const terminal = start()
      await terminal.reaches(new RegExp(step))
      terminal.press(CTRL_C)
      expect(await terminal.exited()).toBe(130)
      expect(terminal.output()).toContain('Stopping (SIGINT)')
      expect(terminal.output()).not.toMatch(/Error|\n\s+at /)
      expect(await processesLeft()).toEqual([])
      expect(await readdir(paths.run)).toEqual([])
    },
    TEST_TIMEOUT_MS,
  )

  test.each(steps)(
    'leaves no process behind when its supervisor is killed at the step: %s',
    async (step) => {
      const terminal = start()
      await terminal.reaches(new RegExp(step))
      terminal.kill()
      await terminal.exited()
      await nothingIsLeft()
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'ends when Ctrl-C is pressed while it waits for an earlier run to end',
    async () => {
      const killed = start()
      await killed.reaches(/Start the services/)
      killed.kill()
      await killed.exited()
      const terminal = start()
      await terminal.reaches(/Look for an earlier run/)
      terminal.press(CTRL_C)
      expect(await terminal.exited()).toBe(130)
      await nothingIsLeft()
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'ends when ./bazaar stop is called as soon as it has begun, and becomes ready the next time',
    async () => {
      const stopped = start()
      await stopped.reaches(/Start RabbitMQ/)
      expect(spawnSync(script, ['stop'], { env: environment, encoding: 'utf8' })).toMatchObject({ status: 0 })
      expect(await stopped.exited()).toBe(0)
      expect(await processesLeft()).toEqual([])

      const terminal = start()
      await terminal.reaches(/Bazaar is ready after/)
      terminal.press(CTRL_C)
      expect(await terminal.exited()).toBe(130)
    },
    TEST_TIMEOUT_MS,
  )
})

/** Types `./bazaar start` in a terminal. */
function start() {
  let output = ''
  const decoder = new TextDecoder()
  const child = spawnInTerminal([script, 'start'], {
    env: environment,
    terminal: {
      cols: 120,
      rows: 40,
      data(_terminal, bytes) {
        output += decoder.decode(bytes, { stream: true })
      },
    },
  })
  return {
    output: () => output,
    reaches: (text: RegExp) =>
      until(
        `the terminal shows ${text}`,
        () => {
          if (child.exitCode !== null) throw new Error(`it ended before ${text}:\n${output}`)
          return text.test(output)
        },
        REACHED_WITHIN_MS,
      ),
    press: (key: string) => child.terminal?.write(key),
    kill: () => child.kill('SIGKILL'),
    exited: () =>
      until('it has ended', () => child.exitCode ?? (child.signalCode ? -1 : undefined), ENDED_WITHIN_MS),
  }
}

function nothingIsLeft(): Promise<unknown> {
  return until(
    'nothing of the stack is left',
    async () => (await processesLeft()).length === 0,
    ENDED_WITHIN_MS,
  )
}

/** The processes that were started for the stack, known by the environment that all of them inherit. */
async function processesLeft(): Promise<string[]> {
  const { stdout } = spawnSync('ps', ['axeww', '-o', 'pid=,args='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
    .split('\n')
    .filter((line) => line.includes(`BAZAAR_STACK=${NAME}`))
    .map((line) => line.slice(0, 120))
}
