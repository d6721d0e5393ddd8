import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mintApiKey } from '@bazaar/shared/auth/api-keys'
import { newId } from '@bazaar/shared/database/columns'
import { issueKey } from '@bazaar/shared/testing/callers'
import { freePort, startService } from '@bazaar/shared/testing/service'
import { createTestDatabase, type TestDatabase } from '@bazaar/shared/testing/stores'
import { PEPPER, TIMEOUT_MS } from './iam-service.ts'

setDefaultTimeout(TIMEOUT_MS)

let stored: TestDatabase

beforeAll(async () => {
  stored = await createTestDatabase('iam')
})

afterAll(() => stored.drop())

describe('the process', () => {
  test('starts without its database, says so, and stops with 0', async () => {
    const process = await startService(
      'iam',
      {
        DATABASE_URL: `mysql://root@127.0.0.1:${await freePort()}/nothing`,
        PASSWORD_PEPPER: PEPPER,
        BOOTSTRAP_API_KEY: mintApiKey('test').key,
      },
      'live',
    )
    const answer = await fetch(`${process.url}/health/ready`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({
      failures: { database: expect.any(String), 'bootstrap key': expect.any(String) },
    })
    const refused = await fetch(`${process.url}/api-keys`, {
      headers: { 'x-api-key': mintApiKey('test').key },
    })
    expect(refused.status).toBe(503)
    expect(await process.stop()).toBe(0)
  })

  test('does not start on a port that is taken', async () => {
    const environment = { DATABASE_URL: stored.url, PASSWORD_PEPPER: PEPPER }
    const process = await startService('iam', environment, 'live')
    // It counts as live because the first one answers in its place.
    const second = await startService('iam', { ...environment, PORT: String(process.port) }, 'live')
    expect(await second.ended).toBe(1)
    expect(second.output.join('\n')).toContain('EADDRINUSE')
    expect(await process.stop()).toBe(0)
  })

  test('names everything that is missing or malformed before it starts', async () => {
    const wrong = { PASSWORD_PEPPER: 'short', BCRYPT_COST: '31', BOOTSTRAP_API_KEY: 'secret' }
    const error = await startService('iam', wrong, 'live').catch((refused: unknown) => refused)
    for (const name of ['DATABASE_URL', 'PASSWORD_PEPPER', 'BCRYPT_COST', 'BOOTSTRAP_API_KEY'])
      expect(String(error)).toContain(name)
    expect(String(error)).not.toContain('secret:')
  })

  test('works as configured and writes no secret into its log', async () => {
    const bootstrapKey = mintApiKey('test').key
    const process = await startService('iam', {
      DATABASE_URL: stored.url,
      PASSWORD_PEPPER: PEPPER,
      BCRYPT_COST: '10',
      BOOTSTRAP_API_KEY: bootstrapKey,
      LOG_LEVEL: 'debug',
    })
    const scopes = ['credentials:write', 'credentials:verify']
    const key = await issueKey(process, { bootstrapKey, caller: 'user', scopes })
    const userId = newId()
    const ask = (method: string, path: string, body: object) =>
      fetch(`${process.url}${path}`, {
        method,
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const password = 'canary pass phrase'
    expect((await ask('PUT', `/credentials/${userId}`, { password })).status).toBe(204)
    expect((await ask('PUT', `/credentials/${userId}`, { password, canary: 1 })).status).toBe(422)
    expect((await ask('POST', '/authentications', { userId, password })).status).toBe(200)
    expect((await ask('POST', '/authentications', { userId, password: 'canary' })).status).toBe(401)
    const change = { currentPassword: password, newPassword: 'canary pass sentence' }
    expect((await ask('POST', `/credentials/${userId}/password`, change)).status).toBe(204)
    expect(await process.stop()).toBe(0)

    const log = process.output.join('\n')
    expect(log).toContain('"operation":"changePassword"')
    for (const secret of ['canary', PEPPER, key, bootstrapKey, '$2b$']) expect(log).not.toContain(secret)
  })
})
