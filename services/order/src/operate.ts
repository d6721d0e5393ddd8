import { parseArgs } from 'node:util'
import { inventoryClient } from '@bazaar/shared/clients/inventory'
import { userClient } from '@bazaar/shared/clients/user'
import { operate } from '@bazaar/shared/database/operator'
import { messagesOperation } from '@bazaar/shared/messaging/operator'
import { createMetrics } from '@bazaar/shared/telemetry/metrics'
import { readConfig } from './config.ts'
import type { Deps } from './deps.ts'
import { orderMetrics } from './metrics.ts'
import { sandboxProvider } from './payment/sandbox-provider.ts'
import { reconcileOrders } from './reconciling/reconcile-orders.ts'

/*
 * `bun src/operate.ts reconcile` or `messages …`: an operator's commands for this service; see
 * shared/database/operator.ts.
 */

/** As long as sent messages are kept. */
const HOURS = 30 * 24

await operate('order', {
  readConfig,
  operations: {
    reconcile: async (config, { database, log, args, say }) => {
      const { values } = parseArgs({ args, options: { repair: { type: 'boolean', default: false } } })
      // The relay of the running service finds the messages at its next look.
      const wake = { relay: () => undefined, payments: () => undefined }
      const deps: Deps = {
        config,
        database,
        log,
        metrics: orderMetrics(createMetrics('order operator')),
        inventory: inventoryClient({ baseUrl: config.inventory.url, apiKey: config.inventory.apiKey }),
        users: userClient({ baseUrl: config.userUrl }),
        provider: sandboxProvider(database),
        wake,
      }
      const found = await reconcileOrders(deps, { hours: HOURS, repair: values.repair })
      for (const { orderId, difference, repaired } of found)
        say(`order ${orderId}: ${difference}${repaired ? ', what was lost is sent again' : ''}`)
      say(`${found.length} differences between orders and their stock, or within orders`)
      return found.every(({ repaired }) => repaired) ? 0 : 1
    },
    messages: messagesOperation('order'),
  },
})
