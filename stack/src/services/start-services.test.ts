import { expect, test } from 'bun:test'
import { freePort } from '@bazaar/shared/testing/service'
import { SERVICES, type ServiceName } from '../servers/databases.ts'
import { makeSecrets } from './secrets.ts'
import { ensureIssuers } from './start-services.ts'

const port = await freePort()
const servicePorts = { iam: port, user: port, inventory: port, order: port }
const missingWithout = (...except: ServiceName[]) =>
  ensureIssuers(makeSecrets(), { except, databaseAddress: 'private', servicePorts })

test.each([
  ['iam', 'user'],
  ['inventory', 'order'],
] as const)('ensureIssuers() says at once that %s must first issue a key for %s', (issuer, holder) => {
  expect(missingWithout(issuer)).rejects.toThrow(
    new RegExp(
      `^Cannot leave out ${issuer} yet: it must first issue an API key for ${holder}[\\s\\S]+--except ${issuer} --except ${holder}$`,
    ),
  )
})

test('ensureIssuers() misses no key where caller and issuer are left out', async () => {
  expect(await missingWithout(...SERVICES)).toEqual([])
  expect(await missingWithout('iam', 'user')).toEqual(['order'])
  expect(await missingWithout()).toEqual(['user', 'order'])
})
