import { afterAll, beforeAll, expect, test } from 'bun:test'
import { acceptKeys } from '../auth/accept-keys.ts'
import { findKeyHolder, mintApiKey } from '../auth/api-keys.ts'
import { closeDatabase, connectDatabase, type Database } from '../database/database.ts'
import { createTestDatabase, type TestDatabase } from '../testing/stores.ts'
import { testLog } from '../testing/test-log.ts'

let given: TestDatabase
let database: Database

beforeAll(async () => {
  given = await createTestDatabase('iam')
  database = connectDatabase({ url: given.url, poolMax: 2, log: testLog })
})

afterAll(async () => {
  await closeDatabase(database)
  await given.drop()
})

test('acceptKeys() makes a key valid with its caller and scopes, also when it is repeated', async () => {
  const { key } = mintApiKey('test')
  const text = JSON.stringify([{ caller: 'user', scopes: ['credentials:verify'], key }])
  for (const _round of [1, 2]) await acceptKeys(text, { url: given.url, log: testLog })
  expect(await findKeyHolder(database, key)).toMatchObject({ caller: 'user', scopes: ['credentials:verify'] })
})

test.each(['not JSON bzk_secret', '{}', '[{"caller": "user", "key": "bzk_secret"}]'])(
  'acceptKeys() refuses %p without showing it',
  async (text) => {
    const refusal = await acceptKeys(text, { url: given.url, log: testLog }).catch((error: Error) => error)
    expect(String(refusal)).toContain('not a JSON list of callers')
    expect(String(refusal)).not.toContain('bzk_secret')
  },
)

test('acceptKeys() refuses what is not an API key without showing it', async () => {
  const text = JSON.stringify([{ caller: 'user', scopes: ['x'], key: 'something else' }])
  const refusal = await acceptKeys(text, { url: given.url, log: testLog }).catch((error: Error) => error)
  expect(String(refusal)).toContain('the key of user')
  expect(String(refusal)).not.toContain('something else')
})
