import { userApi } from '@bazaar/shared/api/user'
import { read } from '@bazaar/shared/database/database'
import { etagOf } from '@bazaar/shared/http/request/headers'
import { hooksOf } from '@bazaar/shared/http/routes/hooks'
import { operations } from '@bazaar/shared/http/routes/operations'
import { Elysia } from 'elysia'
import { changePassword } from './accounts/change-password.ts'
import { changeProfile } from './accounts/change-profile.ts'
import { closeAccount } from './accounts/close-account.ts'
import { signUp } from './accounts/sign-up.ts'
import { findUser } from './accounts/user-store.ts'
import { addAddress, changeAddress, makeDefaultAddress, removeAddress } from './addresses/address-book.ts'
import { listAddresses, readAddress } from './addresses/address-store.ts'
import type { Deps } from './deps.ts'
import { notAUserAnyMore, notFound } from './errors.ts'
import { askForReset } from './resets/ask-for-reset.ts'
import { useReset } from './resets/use-reset.ts'
import { findUserOf } from './sessions/living-session.ts'
import { logIn } from './sessions/log-in.ts'
import { endOneSession, logOutEverywhere } from './sessions/log-out.ts'
import { endOwnSession, listSessions } from './sessions/session-store.ts'
import { askForVerification } from './verification/send-link.ts'
import { verifyEmail } from './verification/verify-email.ts'
import { loginView, profileView, sellerView, sessionView } from './views.ts'

/** Public answers seldom change: a minute is short enough for a shop to see its new name. */
const PUBLIC = 'public, max-age=60'

/** The handlers of the user service's operations. */
export function routes(deps: Deps) {
  return new Elysia().use(accounts(deps)).use(sessions(deps)).use(addresses(deps))
}

function accounts(deps: Deps) {
  const { database } = deps
  const user = hooksOf(userApi)
  return new Elysia()
    .use(operations)
    .post(
      '/users',
      async ({ body, address, set }) => {
        const signedUp = await signUp(deps, { ...body, address })
        set.headers.location = '/users/me'
        return profileView(signedUp)
      },
      user.signUp,
    )
    .get(
      '/users/me',
      async ({ caller, set }) => {
        const found = await findUserOf(deps, caller)
        if (!found) throw notAUserAnyMore()
        set.headers.etag = etagOf(found.version)
        return profileView(found)
      },
      user.readProfile,
    )
    .patch(
      '/users/me',
      async ({ caller: { userId, sessionId }, body, ifMatch, address, set }) => {
        const { currentPassword, ...changes } = body
        const request = { userId, sessionId, changes, currentPassword, ifMatch, address }
        const changed = await changeProfile(deps, request)
        set.headers.etag = etagOf(changed.version)
        return profileView(changed)
      },
      user.changeProfile,
    )
    .post(
      '/users/me/password',
      async ({ caller: { userId, sessionId }, body, address }) => {
        await changePassword(deps, { ...body, address, userId, sessionId })
      },
      user.changePassword,
    )
    .post(
      '/users/me/closure',
      ({ caller, body, address }) => closeAccount(deps, { ...body, address, caller }),
      user.closeAccount,
    )
    .post(
      '/email-verifications',
      ({ caller }) => askForVerification(deps, caller),
      user.askForEmailVerification,
    )
    .post('/email-verifications/used', ({ body }) => verifyEmail(deps, body), user.verifyEmail)
    .get(
      '/sellers/:sellerId',
      async ({ params, set }) => {
        const seller = await read(database, (connection) => findUser(connection, params.sellerId))
        if (seller?.type !== 'SELLER') throw notFound('seller')
        Object.assign(set.headers, { etag: etagOf(seller.version), 'cache-control': PUBLIC })
        return sellerView(seller)
      },
      user.readSeller,
    )
}

function sessions(deps: Deps) {
  const user = hooksOf(userApi)
  return new Elysia()
    .use(operations)
    .post(
      '/sessions',
      async ({ body, address }) => loginView(await logIn(deps, { ...body, address })),
      user.logIn,
    )
    .post('/password-resets', ({ body }) => askForReset(deps, body), user.askForPasswordReset)
    .post(
      '/password-resets/used',
      ({ body, address }) => useReset(deps, { ...body, address }),
      user.resetPassword,
    )
    .delete('/sessions/current', ({ caller }) => endOwnSession(deps.redis, caller), user.logOut)
    .delete(
      '/sessions',
      ({ caller }) => logOutEverywhere(deps, { userId: caller.userId }),
      user.logOutEverywhere,
    )
    .get(
      '/sessions',
      async ({ caller }) => {
        const found = await listSessions(deps.redis, caller.userId)
        return { items: found.map((session) => sessionView(session, caller)) }
      },
      user.listSessions,
    )
    .delete(
      '/sessions/:sessionId',
      ({ caller, params }) => endOneSession(deps, { userId: caller.userId, sessionId: params.sessionId }),
      user.endSession,
    )
}

function addresses({ database }: Deps) {
  const user = hooksOf(userApi)
  return new Elysia()
    .use(operations)
    .get(
      '/users/me/addresses',
      async ({ caller }) => ({
        items: await read(database, (connection) => listAddresses(connection, caller.userId)),
      }),
      user.listAddresses,
    )
    .post(
      '/users/me/addresses',
      async ({ caller, body, set }) => {
        const { isDefault = false, ...fields } = body
        const added = await addAddress(database, { userId: caller.userId, fields, isDefault })
        set.headers.location = `/users/me/addresses/${added.id}`
        return added
      },
      user.addAddress,
    )
    .get(
      '/users/me/addresses/:addressId',
      async ({ caller, params }) => {
        const found = await readAddress(database, { userId: caller.userId, ...params })
        if (!found) throw notFound('address')
        return found
      },
      user.readAddress,
    )
    .put(
      '/users/me/addresses/:addressId',
      ({ caller, params, body }) => changeAddress(database, { userId: caller.userId, ...params }, body),
      user.changeAddress,
    )
    .put(
      '/users/me/addresses/:addressId/default',
      ({ caller, params }) => makeDefaultAddress(database, { userId: caller.userId, ...params }),
      user.makeDefaultAddress,
    )
    .delete(
      '/users/me/addresses/:addressId',
      ({ caller, params }) => removeAddress(database, { userId: caller.userId, ...params }),
      user.deleteAddress,
    )
}
