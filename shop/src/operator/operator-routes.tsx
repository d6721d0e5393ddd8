import { Elysia, NotFoundError } from 'elysia'
import type { Config } from '../config.ts'
import { show } from '../page/answer.tsx'
import { isSame } from '../visit/cookies.ts'
import type { Visits } from '../visit/visiting.ts'
import { askServices } from './ask-services.ts'
import { operatorPage, operatorsOnlyPage } from './operator-page.tsx'

/** How the marketplace is, for those who run it: in production whoever has the operator key. */
export function operatorRoutes({ plugin }: Visits, config: Config) {
  return new Elysia().use(plugin).get('/operator', async ({ visit, request }) => {
    const { environment, operatorKey } = config
    if (environment === 'production') {
      if (operatorKey === undefined) throw new NotFoundError()
      if (!isSame(passwordIn(request) ?? '', operatorKey)) return show(visit, operatorsOnlyPage(visit))
    }
    return show(visit, operatorPage(visit, await askServices(config)))
  })
}

/** The password that a browser sends after it has asked for one; the name does not matter. */
function passwordIn(request: Request): string | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  return encoded && Buffer.from(encoded, 'base64').toString().split(':').slice(1).join(':')
}
