import { expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { freePort } from '@bazaar/shared/testing/service'

const PROGRAM = fileURLToPath(new URL('operate.ts', import.meta.url))
const SECRET = 'orange-tram-whistle'

/** Runs the operator's program against stores that are not there. */
async function operate(...words: string[]) {
  const [mysql, rabbitmq, other] = [await freePort(), await freePort(), await freePort()]
  return spawnSync(process.execPath, ['--no-env-file', PROGRAM, ...words], {
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      PORT: '4004',
      ENVIRONMENT: 'test',
      DATABASE_URL: `mysql://order:${SECRET}@127.0.0.1:${mysql}/orders`,
      REDIS_URL: `redis://127.0.0.1:${other}`,
      RABBITMQ_URL: `amqp://order:${SECRET}@127.0.0.1:${rabbitmq}`,
      INVENTORY_URL: `http://127.0.0.1:${other}`,
      INVENTORY_API_KEY: `bzk_test_0000000000000000_${'x'.repeat(43)}`,
      USER_URL: `http://127.0.0.1:${other}`,
      CURSOR_SECRET: SECRET.repeat(2),
    },
  })
}

test.each([
  [['messages', 'list'], 'ECONNREFUSED'],
  [['messages', 'replay', '--sent-days', '1'], 'database did not answer'],
  [['reconcile'], 'database did not answer'],
])('operate %p says what is away in one line, and no secret', async (words, what) => {
  const { status, stdout, stderr } = await operate(...words)
  expect(stderr).toBe('')
  expect(stdout.trim().split('\n')).toEqual([expect.stringContaining(what)])
  expect(stdout).toContain(`"msg":"cannot do this: ${words[0]}"`)
  expect(stdout).not.toContain(SECRET)
  expect(status).toBe(1)
})

test('operate names its operations when there is no such one', async () => {
  const { status, stderr } = await operate('cancel')
  expect(stderr).toContain('There is no operation "cancel"; there are reconcile, messages')
  expect(status).toBe(2)
})
