import { afterAll, beforeAll, describe, expect, spyOn, test } from 'bun:test'
import process from 'node:process'
import { askAboutKey } from '@bazaar/shared/auth/api-key-check'
import { until } from '@bazaar/shared/testing/until'
import { keys } from '../src/commands/keys.ts'
import { removeStack } from '../src/commands/reset.ts'
import { stackPaths } from '../src/paths.ts'
import { KEY_GRANTS, KEY_HOLDERS, type KeyHolder } from '../src/services/issue-keys.ts'
import { loadSecrets } from '../src/services/secrets.ts'
import { type Stack, startStack } from '../src/stack.ts'

const NAME = `test-keys-${process.pid}`
const TEST_TIMEOUT_MS = 300_000
/** A proof of a key lasts for half a minute. */
const NOTICED_WITHIN_MS = 90_000

let stack: Stack
beforeAll(async () => {
  process.env['BAZAAR_STACK'] = NAME
  stack = await startStack({ name: NAME, external: {} })
}, TEST_TIMEOUT_MS)
afterAll(async () => {
  await stack.stop()
  await removeStack(NAME)
  delete process.env['BAZAAR_STACK']
}, TEST_TIMEOUT_MS)

describe('the API keys of a stack', () => {
  test(
    'that are rotated are in place at the next start, so that the old ones can be revoked',
    async () => {
      for (const holder of KEY_HOLDERS) {
        const { issuer } = KEY_GRANTS[holder]
        const old = await publicIdOf(holder)
        const printed = spyOn(console, 'log')
        await keys(['rotate', issuer, old])
        expect(printed.mock.lastCall?.[0]).toBe(await keyOf(holder))
        printed.mockRestore()
        expect(await publicIdOf(holder)).not.toBe(old)
        await keys(['revoke', issuer, old])
      }
      await startAgain()
      expect(await answers()).toEqual(['known', 'known'])
    },
    TEST_TIMEOUT_MS,
  )

  test(
    'that are revoked are missed by the readiness of their callers, and issued anew at the next start',
    async () => {
      for (const holder of KEY_HOLDERS) {
        const { issuer } = KEY_GRANTS[holder]
        await keys(['revoke', issuer, await publicIdOf(holder)])
        await until(
          `${holder} reports that its key is refused`,
          async () => (await readinessOf(holder)).includes(`"the API key for ${issuer} is refused"`),
          NOTICED_WITHIN_MS,
        )
      }
      await startAgain()
      expect(await answers()).toEqual(['known', 'known'])
      for (const holder of KEY_HOLDERS) expect(await readinessOf(holder)).toBe('{"status":"ready"}')
    },
    TEST_TIMEOUT_MS,
  )
})

async function startAgain(): Promise<void> {
  await stack.stop()
  stack = await startStack({ name: NAME, external: {} })
}

/** What each issuer says to the key that its caller has now. */
async function answers(): Promise<string[]> {
  return await Promise.all(
    KEY_HOLDERS.map(async (holder) =>
      askAboutKey({ baseUrl: stack.urls[KEY_GRANTS[holder].issuer], apiKey: await keyOf(holder) }),
    ),
  )
}

async function readinessOf(holder: KeyHolder): Promise<string> {
  const answer = await fetch(`${stack.urls[holder]}/health/ready`)
  return await answer.text()
}

async function keyOf(holder: KeyHolder): Promise<string> {
  const { issuedKeys } = await loadSecrets(stackPaths(NAME))
  return issuedKeys[holder]?.key ?? ''
}

async function publicIdOf(holder: KeyHolder): Promise<string> {
  return (await keyOf(holder)).split('_')[2] ?? ''
}
