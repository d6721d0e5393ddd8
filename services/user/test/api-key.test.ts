import { afterAll, afterEach, beforeAll, describe, expect, setSystemTime, test } from 'bun:test'
import { proveApiKey } from '@bazaar/shared/auth/api-key-check'
import { apiKeys, mintApiKey } from '@bazaar/shared/auth/api-keys'
import { repeatably } from '@bazaar/shared/database/database'
import type { Health } from '@bazaar/shared/process/health'
import { until } from '@bazaar/shared/testing/until'
import { eq, sql } from 'drizzle-orm'
import { startIam, type TestIam } from './user-service.ts'

let iam: TestIam
beforeAll(async () => {
  iam = await startIam()
})
afterAll(() => iam.close())
afterEach(() => {
  setSystemTime()
})

const REFUSED = 'the API key for iam is refused'

describe('proveApiKey()', () => {
  test('keeps a service from being ready whose key was refused from the beginning', async () => {
    const health = proving(mintApiKey('test').key)
    // On a busy machine the first question may stay without an answer in time.
    const found = await until('the key is found to be refused', async () => {
      const now = await findings(health)
      return now.check === undefined ? undefined : now
    })
    expect(found).toEqual({ check: REFUSED, background: undefined })
  })

  test('reports a key that is refused later, and turns nobody away for it', async () => {
    const health = proving(iam.apiKey)
    expect(await findings(health)).toEqual({ check: undefined, background: undefined })
    await repeatably(iam.database, (connection) =>
      connection.update(apiKeys).set({ revokedAt: sql`now(3)` }).where(eq(apiKeys.caller, 'user')),
    )
    // The proof lasts for half a minute.
    setSystemTime(new Date(Date.now() + 31_000))
    expect(await findings(health)).toEqual({ check: undefined, background: REFUSED })
  })

  test('says nothing about a key while the other service cannot be reached', async () => {
    await iam.kill()
    const health = proving(mintApiKey('test').key)
    expect(await findings(health)).toEqual({ check: undefined, background: undefined })
  })
})

function proving(apiKey: string): Pick<Health, 'checks' | 'background'> {
  const health = { checks: {}, background: {} }
  proveApiKey(health, 'iam', { baseUrl: iam.url, apiKey })
  return health
}

async function findings({ checks, background }: Pick<Health, 'checks' | 'background'>) {
  return {
    check: await checks['key for iam']?.(),
    background: await background['key for iam']?.(),
  }
}
