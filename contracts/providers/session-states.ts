import type { Session } from '@bazaar/shared/auth/admission'
import { newId } from '@bazaar/shared/database/columns'
import { IDS } from '../examples.ts'
import type { SessionStates } from '../states.ts'
import type { StateHandlers } from './provider.ts'

/** The states of who is logged in. That is for the user service to say: here it is as the contract has it. */
export function sessionStates(sessions: Map<string, Session>): StateHandlers<SessionStates> {
  return {
    'a user is logged in': {
      setup: async ({ userId, session, type }) => {
        const userType = type === 'SELLER' ? 'SELLER' : 'BUYER'
        sessions.set(session, { ...exampleBuyer(), userId, userType, token: session })
      },
      teardown: async ({ session }) => void sessions.delete(session),
    },
    'nobody is logged in': { setup: async ({ session }) => void sessions.delete(session) },
  }
}

/** A buyer who is logged in. */
export function exampleBuyer(): Session {
  const now = new Date()
  return {
    userId: IDS.buyer,
    userType: 'BUYER',
    sessionId: newId(),
    createdAt: now,
    expiresAt: now,
    token: 'a-token-of-a-session',
  }
}

/** A seller who is logged in. */
export function exampleSeller(): Session {
  return { ...exampleBuyer(), userId: IDS.seller, userType: 'SELLER' }
}
