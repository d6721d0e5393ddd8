import { refusePrivatePage } from '@bazaar/shared/http/private-pages'
import { refuseOddHost } from '@bazaar/shared/http/request/url'
import { DomainError } from '@bazaar/shared/problem'
import { healthRoutes } from '@bazaar/shared/process/health'
import type { Life } from '@bazaar/shared/process/lifecycle'
import { Elysia, NotFoundError } from 'elysia'
import { accountRoutes } from './account/account-routes.tsx'
import { logInPage } from './account/log-in-page.tsx'
import { newPasswordRoutes } from './account/new-password-routes.tsx'
import { sessionRoutes } from './account/session-routes.tsx'
import { verifyEmailRoutes } from './account/verify-email-routes.tsx'
import { basketRoutes } from './basket/basket-routes.tsx'
import type { Config } from './config.ts'
import { deskRoutes } from './desk/desk-routes.tsx'
import { saleRoutes } from './desk/sale-routes.tsx'
import { operatorRoutes } from './operator/operator-routes.tsx'
import { checkoutRoutes } from './orders/checkout-routes.tsx'
import { orderRoutes } from './orders/order-routes.tsx'
import { goTo, show } from './page/answer.tsx'
import { assetRoutes } from './page/assets.ts'
import { isLoggedOut } from './page/failure.ts'
import { failurePage } from './page/failure-page.tsx'
import { refuseForeignForm } from './visit/form.ts'
import { writeKeptForm } from './visit/kept-form.ts'
import { ownPath } from './visit/same-site.ts'
import type { Visit } from './visit/visit.ts'
import { receiveVisits } from './visit/visiting.ts'
import { windowRoutes } from './window/window-routes.tsx'

/** Bun cuts an oversized body off without a word; our own limit must come first, so this is far above. */
const BODY_BYTES_MAX = 64 * 1024 * 1024
const NO_SUCH_PAGE = new DomainError('not-found', 'There is no such page')

/** The shop: what is the same around every page, and all pages. */
export function createApp(
  config: Config,
  { health, metrics, log }: Pick<Life, 'health' | 'metrics' | 'log'>,
) {
  const visits = receiveVisits(config)
  return new Elysia({ normalize: false, serve: { maxRequestBodySize: BODY_BYTES_MAX } })
    .onRequest(({ request, server }) => {
      visits.exchangeOf(request, server)
      refuseOddHost(request)
      refusePrivatePage(request, { metricsToken: config.metricsToken })
      refuseForeignForm(request, config)
    })
    .onError(({ error, request, server }) => {
      const exchange = visits.exchangeOf(request, server)
      const { visit, id: number, sent } = exchange
      const from = pageOf(visit, request)
      if (isLoggedOut(error)) {
        const hadSession = visit.role !== undefined
        if (hadSession) visit.endSession()
        if (sent?.canBeSentAgain) {
          exchange.status = 401
          const kept = writeKeptForm(visit.url.pathname, sent)
          return show(visit, logInPage(visit, { typed: { next: from, kept } }))
        }
        exchange.status = 303
        return goTo(visit, logInPath({ next: from, hadSession }))
      }
      const failed = { number, sent, from }
      const page = failurePage(visit, error instanceof NotFoundError ? NO_SUCH_PAGE : error, failed)
      exchange.status = page.status ?? 500
      if (exchange.status >= 500) log.error({ error, requestId: number }, 'a page could not be shown')
      return show(visit, page)
    })
    .onAfterResponse(({ request, server, route, set, response }) => {
      const exchange = visits.exchangeOf(request, server)
      const { startedAt, address, id } = exchange
      const durationMs = performance.now() - startedAt
      const answered = response instanceof Response ? response.status : Number(set.status ?? 200)
      const { status = answered } = exchange
      const operation = `${request.method} ${route || 'none'}`
      metrics.requestSeconds.observe({ operation: route ? operation : 'none', status }, durationMs / 1_000)
      const line = {
        operation,
        status,
        from: address,
        requestId: id,
        durationMs: Math.round(durationMs * 10) / 10,
      }
      log.info(line, 'answered')
    })
    .use(healthRoutes(health, metrics, { detailed: config.environment !== 'production' }))
    .use(assetRoutes(visits))
    .use(windowRoutes(visits))
    .use(basketRoutes(visits))
    .use(sessionRoutes(visits))
    .use(newPasswordRoutes(visits))
    .use(verifyEmailRoutes(visits))
    .use(accountRoutes(visits))
    .use(checkoutRoutes(visits))
    .use(orderRoutes(visits))
    .use(deskRoutes(visits))
    .use(saleRoutes(visits))
    .use(operatorRoutes(visits, config))
}

/** The page that was wanted, or the one that the form is on. */
function pageOf(visit: Visit, request: Request): string {
  const referer = URL.parse(request.headers.get('referer') ?? '')
  const { pathname, search } = request.method === 'POST' && referer ? referer : visit.url
  return ownPath(pathname + search)
}

/** Where to log in, and where to go on to then. */
function logInPath({ next, hadSession }: { next: string; hadSession: boolean }): string {
  return `/log-in?${new URLSearchParams({ next, ...(hadSession ? { ended: 'yes' } : {}) })}`
}
