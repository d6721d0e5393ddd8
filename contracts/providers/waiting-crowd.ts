import { newId } from '@bazaar/shared/database/columns'
import type { Database } from '@bazaar/shared/database/database'
import type { App } from '@bazaar/shared/http/listen'

/** Who waits for which product, and with which key. */
type Crowd = { productId: string; waiting: number; key: string }

/** So many ask at once: fewer than the service's pool of connections lets wait for the check of their key. */
const ASKING_AT_ONCE = 64
/** So many wait among those that have yet to see that the stock is locked, and so many among those that have seen it. */
const ASKED_MAX = 4

/**
 * Orders that all wait for one product, until nobody else may: its stock is locked, and reservations are asked
 * of the running service until it refuses one. They ask it without a socket each, of which a process has too few.
 */
export function createWaitingCrowd(app: App, direct: Database) {
  let lock: Awaited<ReturnType<Database['pool']['getConnection']>> | undefined
  let asked: Promise<Response>[] = []

  return {
    /** @throws {Error} when somebody is refused for another reason, or though fewer than `waiting` wait. */
    async come({ productId, waiting, key }: Crowd): Promise<void> {
      lock = await direct.pool.getConnection()
      await lock.query('start transaction')
      await lock.query('select * from stock where product_id = unhex(?) for update', [
        productId.replaceAll('-', ''),
      ])
      const refused: Response[] = []
      while (refused.length === 0 && asked.length < ASKED_MAX * waiting) {
        const next = Array.from({ length: ASKING_AT_ONCE }, () => ask(app, productId, key))
        for (const answer of next) void answer.then((response) => refused.push(response))
        asked.push(...next)
        // Connections are given in the order of asking: who is answered now came after all of these.
        await app.handle(
          new Request(`http://crowd/offers?productIds=${productId}`, { headers: { 'x-api-key': key } }),
        )
      }
      const [first] = refused
      const staying = asked.length - refused.length
      if (!first || staying < waiting) throw new Error(`${staying} wait, ${refused.length} were refused`)
      const { detail }: { detail?: string } = await first.json()
      if (!detail?.startsWith('stock ')) throw new Error(`it was refused because ${detail}`)
    },

    /** Lets go of the stock, and sees everybody off. */
    async leave(): Promise<void> {
      await lock?.query('rollback')
      lock?.release()
      lock = undefined
      await Promise.all(asked)
      asked = []
    },
  }
}

async function ask(app: App, productId: string, key: string): Promise<Response> {
  const line = { productId, quantity: 1, unitPriceMinor: 1, currency: 'EUR' }
  return app.handle(
    new Request(`http://crowd/reservations/${newId()}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: JSON.stringify({ lines: [line] }),
    }),
  )
}
