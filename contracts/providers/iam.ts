import { setImmediate } from 'node:timers/promises'
import { inTransaction } from '@bazaar/shared/database/database'
import { DomainError } from '@bazaar/shared/problem'
import { testLog } from '@bazaar/shared/testing/test-log'
import { createApp } from '../../services/iam/src/app.ts'
import { readConfig } from '../../services/iam/src/config.ts'
import { deleteCredential, insertCredential } from '../../services/iam/src/credential-store.ts'
import { createPasswords } from '../../services/iam/src/passwords.ts'
import type { IamStates } from '../states.ts'
import {
  apiKeyStates,
  outageStates,
  type Provider,
  provideDatabase,
  provideFrame,
  type StateHandlers,
  serveApp,
} from './provider.ts'

const PEPPER = 'a pepper that only the contracts know'
/** What bcrypt makes the least work of: contracts are not about how long it takes. */
const LEAST_COST = 4

/** Starts the identity service as a provider. */
export async function startIam(): Promise<Provider> {
  const provided = await provideDatabase('iam')
  const { database, direct } = provided
  const passwords = await createPasswords({ pepper: PEPPER, cost: LEAST_COST })
  const config = readConfig({ PORT: '0', DATABASE_URL: 'mysql://127.0.0.1:1/iam', PASSWORD_PEPPER: PEPPER })
  const deps = { config, database, passwords, log: testLog }
  const app = await serveApp(createApp(deps, provideFrame('iam')))
  const crowd = createCrowd(() => passwords.matches('somebody else', undefined))

  const states: StateHandlers<IamStates> = {
    ...apiKeyStates(provided),
    ...outageStates(provided),
    'a user has a password': {
      setup: async ({ userId, password }) => {
        const hash = await passwords.hash(password)
        await inTransaction(direct, (tx) => insertCredential(tx, userId, hash))
      },
    },
    'a user has no password': {
      setup: ({ userId }) => inTransaction(direct, (tx) => deleteCredential(tx, userId)),
    },
    'too many passwords are being checked': {
      setup: async ({ checks }) => crowd.come(checks),
      teardown: () => crowd.leave(),
    },
  }
  return {
    name: 'iam',
    url: app.url,
    states,
    messages: {},
    reset: provided.empty,
    close: async () => {
      await app.stop()
      await provided.close()
    },
  }
}

/** A caller that is sent away stays in the crowd: it waits a moment and asks again. */
async function sentAway(error: unknown): Promise<void> {
  if (!(error instanceof DomainError) || error.code !== 'too-many-requests') throw error
  await setImmediate()
}

/** Others who all ask for the same thing, again as soon as they have it, until they leave. */
function createCrowd(ask: () => Promise<unknown>) {
  let isHere = false
  let asking: Promise<unknown> = Promise.resolve()
  async function keepAsking(): Promise<void> {
    while (isHere) await ask().catch(sentAway)
  }
  return {
    come(size: number): void {
      isHere = true
      asking = Promise.all(Array.from({ length: size }, keepAsking))
    },
    async leave(): Promise<void> {
      isHere = false
      await asking
    },
  }
}
