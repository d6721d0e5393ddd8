import type { userApi } from '@bazaar/shared/api/user'
import type { StoredSession } from '@bazaar/shared/auth/sessions'
import { handleOf } from './accounts/user.ts'
import type { User } from './accounts/user-store.ts'
import type { NewSession } from './sessions/session-store.ts'

type Operations = typeof userApi.operations
type ProfileView = Operations['readProfile']['response'][200]['static']
type SellerView = Operations['readSeller']['response'][200]['static']
type LoginView = Operations['logIn']['response'][201]['static']
type SessionView = Operations['listSessions']['response'][200]['static']['items'][number]

/** Shows a user their own profile. */
export function profileView({ language, emailVerifiedAt, createdAt, ...user }: User): ProfileView {
  const { id, type, name, email, mobileNumber, version } = user
  const chosen = language === null ? {} : { language }
  return {
    id,
    type,
    name,
    email,
    emailVerifiedAt: emailVerifiedAt?.toISOString() ?? null,
    mobileNumber,
    ...chosen,
    createdAt: createdAt.toISOString(),
    version,
  }
}

/** Shows a seller to the public. */
export function sellerView({ id, name, createdAt }: User): SellerView {
  return { id, name, handle: handleOf(id), sellerSince: createdAt.toISOString() }
}

/** Shows a new session, with the key that is not shown again. */
export function loginView({ token, sessionId, userId, userType, expiresAt }: NewSession): LoginView {
  return { session: token, sessionId, userId, userType, expiresAt: new Date(expiresAt).toISOString() }
}

/** Shows a session in the list of all; `current` marks the session that asked for the list. */
export function sessionView(session: StoredSession, current: { sessionId: string }): SessionView {
  const { sessionId, createdAt, expiresAt } = session
  return {
    sessionId,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    current: sessionId === current.sessionId,
  }
}
