import { randomUUID } from 'node:crypto'
import { addressOf } from '@bazaar/shared/http/listen'
import { clientAddressBehind } from '@bazaar/shared/http/request/client-address'
import { Elysia } from 'elysia'
import type { Config } from '../config.ts'
import { emptyForm, type Form, readForm } from './form.ts'
import { openVisit, type Visit } from './visit.ts'

/** What is known of a request while it is answered. */
export type Exchange = {
  id: string
  startedAt: number
  address: string
  visit: Visit
  /** The form that came with it, once it is read. */
  sent?: Form
  /** That of a failure, which Elysia itself does not know when the answer is a Response of ours. */
  status?: number
}

/** Who visits, for every request. `of` finds it again when something went wrong on the way. */
export type Visits = ReturnType<typeof receiveVisits>

/**
 * The plug-in that all pages use: it opens the visit, and reads the form if there is one. Its token is looked at here, so
 * that no page can forget to.
 */
export function receiveVisits(config: Config) {
  const clientAddress = clientAddressBehind(config.trustedProxies)
  const exchanges = new WeakMap<Request, Exchange>()

  function exchangeOf(request: Request, server: Parameters<typeof addressOf>[1]): Exchange {
    const known = exchanges.get(request)
    if (known) return known
    const address = clientAddress(request, addressOf(request, server))
    const visit = openVisit(request, config, { address })
    const exchange: Exchange = { id: randomUUID(), startedAt: performance.now(), address, visit }
    exchanges.set(request, exchange)
    return exchange
  }

  const plugin = new Elysia({ name: 'visit' }).derive({ as: 'scoped' }, async ({ request, server }) => {
    const exchange = exchangeOf(request, server)
    const { visit } = exchange
    if (request.method !== 'POST') return { visit, form: emptyForm }
    const form = await readForm(request, { isOwnToken: visit.isOwnToken })
    exchange.sent = form
    return { visit, form }
  })
  return { plugin, exchangeOf }
}
