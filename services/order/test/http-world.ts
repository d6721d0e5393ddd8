import { afterAll } from 'bun:test'
import { orderApi } from '@bazaar/shared/api/order'
import type { Session } from '@bazaar/shared/auth/admission'
import { type Client, clientOf } from '@bazaar/shared/clients/client'
import { listen } from '@bazaar/shared/http/listen'
import { testLogOf } from '@bazaar/shared/testing/test-log'
import { createApp } from '../src/app.ts'
import { createWorld, newSession, type World } from './world.ts'

/** Everybody waits longer here than in production: what is tested is what is answered, not how fast. */
const PATIENCE_MS = 20_000

/** The order service over HTTP, with requests and answers checked by its API, and people who are logged in. */
export type HttpWorld = {
  url: string
  client: Client<typeof orderApi>
  /** Somebody who is logged in; the client wants the token of their session. */
  login: (userType: Session['userType'], userId?: string) => Session
  stop: () => Promise<void>
}

/** Sets a world up that is served over HTTP, for the tests of one file, and ends it after them. To be called while it is loaded. */
export async function openServedWorld(): Promise<{ world: World; http: HttpWorld }> {
  const world = await createWorld()
  const http = await serveWorld(world)
  afterAll(async () => {
    await http.stop()
    await world.close()
  })
  return { world, http }
}

async function serveWorld(world: World): Promise<HttpWorld> {
  const sessions = new Map<string, Session>()
  const deps = { ...world.deps, findSession: async (token: string) => sessions.get(token) }
  const app = createApp(deps, {
    health: { checks: {}, background: {}, draining: false },
    metrics: world.metrics,
    log: testLogOf('order'),
    corsOrigins: [],
  })
  const listening = await listen(app, { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${listening.port}`
  return {
    url,
    client: clientOf(orderApi, { baseUrl: url, retriesMax: 0, timeoutMs: PATIENCE_MS }),
    login(userType, userId) {
      const session = {
        ...newSession(userType, userId),
        token: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'),
      }
      sessions.set(session.token, session)
      return session
    },
    stop: listening.stop,
  }
}
