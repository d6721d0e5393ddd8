import { afterAll, beforeAll, expect, test } from 'bun:test'
import process from 'node:process'
import { stackPaths } from '../paths.ts'
import { type SupervisorLock, takeSupervisorLock } from '../processes/supervisor-lock.ts'
import { SERVICES } from '../servers/databases.ts'
import { seed } from './data-commands.ts'
import { messages, reconcile } from './operate.ts'
import { removeStack } from './reset.ts'

const NAME = `test-still-starting-${process.pid}`
const STARTING = `the stack "${NAME}" is still starting`

let lock: SupervisorLock

beforeAll(async () => {
  process.env['BAZAAR_STACK'] = NAME
  lock = await takeSupervisorLock(stackPaths(NAME))
})

afterAll(async () => {
  await lock.release()
  delete process.env['BAZAAR_STACK']
  await removeStack(NAME)
})

test.each([
  ['seed', seed],
  ['messages list', () => messages(['list'])],
  ['reconcile', () => reconcile([])],
])('./bazaar %s says that the stack is still starting when it is not known yet where', async (_, command) => {
  await lock.publish({ urls: {} })
  await expect(command()).rejects.toThrow(STARTING)
})

test.each([
  ['messages list', () => messages(['list'])],
  ['reconcile', () => reconcile([])],
])('./bazaar %s says that the stack is still starting until it is ready', async (_, command) => {
  const urls = Object.fromEntries(
    SERVICES.map((service, index) => [service, `http://127.0.0.1:${index + 1}`]),
  )
  await lock.publish({ urls })
  await expect(command()).rejects.toThrow(STARTING)
})
