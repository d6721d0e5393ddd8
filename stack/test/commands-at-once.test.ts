import { afterAll, expect, test } from 'bun:test'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { inventoryClient } from '@bazaar/shared/clients/inventory'
import { until } from '@bazaar/shared/testing/until'
import { catalogue } from '../seed/catalogue.ts'
import { removeStack } from '../src/commands/reset.ts'
import { findRunningStack } from '../src/commands/running-stack.ts'
import { repositoryFolder, stackPaths } from '../src/paths.ts'
import { SUPERVISOR_RECORD } from '../src/processes/supervisor-lock.ts'
import { type Stack, startStack } from '../src/stack.ts'
import { freePortBase } from './free-port-base.ts'

/* Commands that several people, or several jobs, type at the same moment. */

const NAME = `test-at-once-${process.pid}`
const paths = stackPaths(NAME)
const environment = { ...process.env, BAZAAR_STACK: NAME, BAZAAR_PORT_BASE: String(await freePortBase()) }
const TEST_TIMEOUT_MS = 900_000
const REACHED_WITHIN_MS = 300_000

let stack: Stack | undefined
afterAll(async () => {
  await stack?.stop()
  await removeStack(NAME)
}, TEST_TIMEOUT_MS)

test(
  'three ./bazaar migrate from nothing all bring the databases up to date, one after the other',
  async () => {
    const outcomes = await Promise.all(['migrate', 'migrate', 'migrate'].map(ended))
    for (const outcome of outcomes) expect(outcome).toEqual({ status: 0, stderr: '' })
    expect(await readdir(paths.run)).toEqual([])
  },
  TEST_TIMEOUT_MS,
)

test(
  './bazaar stop beside a start that has only just begun ends it, and leaves nothing running',
  async () => {
    const starting = bazaar('start')
    const start = outcomeOf(starting)
    await until(
      'the start has its record',
      () => existsSync(join(paths.run, SUPERVISOR_RECORD)),
      REACHED_WITHIN_MS,
    )
    expect(await ended('stop')).toMatchObject({ status: 0 })
    expect(await start).toEqual({ status: 0, stderr: '' })
    expect(await readdir(paths.run)).toEqual([])
  },
  TEST_TIMEOUT_MS,
)

test(
  'three ./bazaar migrate and two seed beside a running stack all succeed, and everything is there once',
  async () => {
    stack = await startStack({ name: NAME, external: {} })
    const outcomes = await Promise.all(['migrate', 'seed', 'migrate', 'seed', 'migrate'].map(ended))
    for (const outcome of outcomes) expect(outcome).toEqual({ status: 0, stderr: '' })

    const { supervisor } = await findRunningStack(paths)
    const inventory = inventoryClient({ baseUrl: supervisor.urls['inventory'] ?? '' })
    const { body } = await inventory.listProducts({ query: { limit: '100' } })
    expect(body.items.map(({ name }) => name).toSorted()).toEqual(
      catalogue.map(({ product }) => product.name).toSorted(),
    )
  },
  TEST_TIMEOUT_MS,
)

function bazaar(command: string): ChildProcess {
  return spawn(join(repositoryFolder, 'bazaar'), [command], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

function ended(command: string) {
  return outcomeOf(bazaar(command))
}

/** How a command ended, and what it had to complain about. */
async function outcomeOf(child: ChildProcess): Promise<{ status: unknown; stderr: string }> {
  if (!child.stderr) throw new Error('the command has no standard error')
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  return { status, stderr }
}
