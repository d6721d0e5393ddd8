import { randomInt } from 'node:crypto'
import { type StoredSession, sessionRecordKey } from '@bazaar/shared/auth/sessions'
import { inventoryClient } from '@bazaar/shared/clients/inventory'
import { orderClient } from '@bazaar/shared/clients/order'
import { newId } from '@bazaar/shared/database/columns'
import { inTransaction } from '@bazaar/shared/database/database'
import { connectRedis } from '@bazaar/shared/process/redis'
import { REDIS_URL } from '@bazaar/shared/testing/stores'
import { testLog } from '@bazaar/shared/testing/test-log'
import { until } from '@bazaar/shared/testing/until'
import { connectIam } from '../../services/user/src/accounts/iam.ts'
import { insertUser, saveActive } from '../../services/user/src/accounts/user-store.ts'
import { insertAddress } from '../../services/user/src/addresses/address-store.ts'
import { createApp } from '../../services/user/src/app.ts'
import type { Deps } from '../../services/user/src/deps.ts'
import { exampleKey } from '../examples.ts'
import type { UserStates } from '../states.ts'
import {
  outageStates,
  type Provider,
  provideDatabase,
  provideFrame,
  type StateHandlers,
  serveApp,
} from './provider.ts'

const HOUR_MS = 3_600_000
const NOWHERE = 'http://127.0.0.1:1'

/** Starts the user service as a provider. Nothing that others ask of it needs the identity service. */
export async function startUser(): Promise<Provider> {
  const provided = await provideDatabase('user')
  const { database, direct } = provided
  const redis = connectRedis({ url: REDIS_URL, log: testLog })
  await until('Redis is connected', () => redis.status === 'ready')
  const deps: Deps = {
    database,
    redis,
    iam: connectIam({ baseUrl: NOWHERE, apiKey: exampleKey(1) }),
    orders: orderClient({ baseUrl: NOWHERE }),
    inventory: inventoryClient({ baseUrl: NOWHERE }),
    sessions: { idleSeconds: 1_800, absoluteSeconds: 43_200 },
    attempts: { ofLoginFromAddress: 5, ofLogin: 20, ofAddress: 100, firstWaitMs: 1_000 },
    postman: { wake: () => undefined },
    resets: { wake: () => undefined },
    linkSecret: 'a secret that only the tests know 456',
    log: testLog,
  }
  const app = await serveApp(createApp(deps, provideFrame('user')))

  const states: StateHandlers<UserStates> = {
    ...outageStates(provided),
    'a buyer is logged in': {
      setup: async ({ userId, session }) => {
        const createdAt = Date.now()
        const stored: StoredSession = {
          userId,
          userType: 'BUYER',
          sessionId: newId(),
          createdAt,
          expiresAt: createdAt + HOUR_MS,
          idleSeconds: 1_800,
        }
        await redis.set(sessionRecordKey(session), JSON.stringify(stored), 'PX', HOUR_MS)
      },
      teardown: async ({ session }) => void (await redis.del(sessionRecordKey(session))),
    },
    'nobody is logged in': {
      setup: async ({ session }) => void (await redis.del(sessionRecordKey(session))),
    },
    'a user has an address': {
      setup: async ({ userId, addressId, ...fields }) => {
        const number = randomInt(1e11, 9e11)
        const email = `ada.${number}@example.com`
        const user = {
          id: userId,
          type: 'BUYER' as const,
          name: 'Ada Lovelace',
          email,
          mobileNumber: `+49${number}`,
        }
        await inTransaction(direct, async (tx) => {
          await insertUser(tx, user)
          await saveActive(tx, user)
          await insertAddress(tx, { userId, addressId }, { kind: 'HOME', ...fields })
        })
      },
    },
    'a user has no such address': { setup: () => provided.empty() },
  }
  return {
    name: 'user',
    url: app.url,
    states,
    messages: {},
    reset: provided.empty,
    close: async () => {
      await app.stop()
      redis.disconnect()
      await provided.close()
    },
  }
}
