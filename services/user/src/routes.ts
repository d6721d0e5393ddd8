import type { userApi } from '@bazaar/shared/api/user'
import { read } from '@bazaar/shared/database/database'
import type { Handlers } from '@bazaar/shared/http/handler'
import { etagOf } from '@bazaar/shared/http/headers'
import { Reply } from '@bazaar/shared/reply'
import { addAddress, changeAddress, makeDefaultAddress, removeAddress } from './address-book.ts'
import { findAddress, listAddresses } from './address-store.ts'
import { changePassword } from './change-password.ts'
import { changeProfile } from './change-profile.ts'
import { closeAccount } from './close-account.ts'
import type { Deps } from './deps.ts'
import { notAUserAnyMore, notFound } from './errors.ts'
import { logIn } from './log-in.ts'
import { endOneSession, logOutEverywhere } from './log-out.ts'
import { endOwnSession, listSessions } from './session-store.ts'
import { signUp } from './sign-up.ts'
import { handleOf } from './user.ts'
import { findUser, type User } from './user-store.ts'

/** What anyone may see changes seldom: a minute is short enough for a shop to see its new name. */
const PUBLIC = 'public, max-age=60'

/** What answers each operation of the user service. */
export function routes(deps: Deps): Handlers<typeof userApi> {
  const { database } = deps
  return { ...accountRoutes(deps), ...sessionRoutes(deps), ...addressRoutes(database) }
}

function accountRoutes(deps: Deps) {
  return {
    signUp: async ({ body, address }) =>
      new Reply(shown(await signUp(deps, { ...body, address })), { headers: { location: '/users/me' } }),

    readProfile: async ({ caller }) => {
      const user = await read(deps.database, (connection) => findUser(connection, caller.userId))
      if (!user) throw notAUserAnyMore()
      return withEtag(user)
    },

    changeProfile: async ({ caller, body, address }) => {
      const { currentPassword, ...changes } = body
      const { userId, sessionId } = caller
      return withEtag(await changeProfile(deps, { userId, sessionId, changes, currentPassword, address }))
    },

    changePassword: async ({ caller, body, address }) => {
      await changePassword(deps, { ...body, address, userId: caller.userId, sessionId: caller.sessionId })
      return undefined
    },

    closeAccount: async ({ caller, body, address }) => {
      await closeAccount(deps, { ...body, address, caller })
      return undefined
    },

    readSeller: async ({ params }) => {
      const user = await read(deps.database, (connection) => findUser(connection, params.sellerId))
      if (user?.type !== 'SELLER') throw notFound('seller')
      const { id, name, createdAt, version } = user
      const body = { id, name, handle: handleOf(id), sellerSince: createdAt.toISOString() }
      return new Reply(body, {
        headers: { etag: etagOf(version), 'cache-control': PUBLIC },
      })
    },
  } satisfies Partial<Handlers<typeof userApi>>
}

function sessionRoutes(deps: Deps) {
  return {
    logIn: async ({ body, address }) => {
      const {
        token: session,
        sessionId,
        userId,
        userType,
        expiresAt,
      } = await logIn(deps, { ...body, address })
      return { session, sessionId, userId, userType, expiresAt: new Date(expiresAt).toISOString() }
    },

    logOut: async ({ caller }) => {
      await endOwnSession(deps.redis, caller)
      return undefined
    },

    logOutEverywhere: async ({ caller }) => {
      await logOutEverywhere(deps, { userId: caller.userId })
      return undefined
    },

    listSessions: async ({ caller }) => {
      const sessions = await listSessions(deps.redis, caller.userId)
      const items = sessions.map(({ sessionId, createdAt, expiresAt }) => ({
        sessionId,
        createdAt: new Date(createdAt).toISOString(),
        expiresAt: new Date(expiresAt).toISOString(),
        current: sessionId === caller.sessionId,
      }))
      return { items }
    },

    endSession: async ({ caller, params }) => {
      await endOneSession(deps, { userId: caller.userId, sessionId: params.sessionId })
      return undefined
    },
  } satisfies Partial<Handlers<typeof userApi>>
}

function addressRoutes(database: Deps['database']) {
  return {
    listAddresses: async ({ caller }) => ({
      items: await read(database, (connection) => listAddresses(connection, caller.userId)),
    }),

    addAddress: async ({ caller, body }) => {
      const { isDefault = false, ...fields } = body
      const address = await addAddress(database, { userId: caller.userId, fields, isDefault })
      return new Reply(address, { headers: { location: `/users/me/addresses/${address.id}` } })
    },

    readAddress: async ({ caller, params }) => {
      const which = { userId: caller.userId, ...params }
      const address = await read(database, (connection) => findAddress(connection, which))
      if (!address) throw notFound('address')
      return address
    },

    changeAddress: ({ caller, params, body }) =>
      changeAddress(database, { userId: caller.userId, ...params }, body),

    makeDefaultAddress: ({ caller, params }) =>
      makeDefaultAddress(database, { userId: caller.userId, ...params }),

    deleteAddress: async ({ caller, params }) => {
      await removeAddress(database, { userId: caller.userId, ...params })
      return undefined
    },
  } satisfies Partial<Handlers<typeof userApi>>
}

function shown({ id, type, name, email, mobileNumber, createdAt, version }: User) {
  return { id, type, name, email, mobileNumber, createdAt: createdAt.toISOString(), version }
}

function withEtag(user: User) {
  return new Reply(shown(user), { headers: { etag: etagOf(user.version) } })
}
