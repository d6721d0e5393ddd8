import { afterEach, expect, test } from 'bun:test'
import process from 'node:process'
import { StackError } from '../stack-error.ts'
import { keys } from './keys.ts'

const VARIABLES = ['BAZAAR_KEYS_URL', 'BAZAAR_KEYS_API_KEY'] as const

afterEach(() => {
  for (const name of VARIABLES) delete process.env[name]
})

test.each(VARIABLES)('keys() does not turn to the stack here when only %s is set', async (name) => {
  process.env[name] = 'http://127.0.0.1:1'
  const refusal = await keys(['list', 'iam']).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(StackError)
  expect(String(refusal)).toContain('Set both BAZAAR_KEYS_URL and BAZAAR_KEYS_API_KEY')
})

test.each(['0', '731', '1.5', 'x'])('keys() refuses to issue a key for %s days', async (days) => {
  process.env['BAZAAR_KEYS_URL'] = 'http://127.0.0.1:1'
  process.env['BAZAAR_KEYS_API_KEY'] = 'a key that is not asked for'
  const refusal = keys(['issue', 'iam', '--caller', 'user', '--scopes', 'keys:manage', '--days', days])
  await expect(refusal).rejects.toThrow('Give --days as a number from 1 to 730.')
})

test.each([
  ['iam', 'nonsense', 'credentials:write, credentials:verify, keys:manage'],
  ['iam', 'credentials:write,reservations:write', 'credentials:write, credentials:verify, keys:manage'],
  ['inventory', 'credentials:write', 'reservations:write, keys:manage'],
])('keys() says which scopes %s has in place of %s', async (service, scopes, possible) => {
  process.env['BAZAAR_KEYS_URL'] = 'http://127.0.0.1:1'
  process.env['BAZAAR_KEYS_API_KEY'] = 'a key that is not asked for'
  const refusal = keys(['issue', service, '--caller', 'tests', '--scopes', scopes])
  await expect(refusal).rejects.toThrow(`Give --scopes as one or more of ${possible}`)
})
