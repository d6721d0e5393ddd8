import { operate } from '@bazaar/shared/database/operator'
import { messagesOperation } from '@bazaar/shared/messaging/operator'
import { createMetrics } from '@bazaar/shared/telemetry/metrics'
import { auditStock } from './auditing/audit-stock.ts'
import { readConfig } from './config.ts'
import { inventoryMetrics } from './metrics.ts'

/*
 * `bun src/operate.ts audit` or `messages …`: an operator's commands for this service; see
 * shared/database/operator.ts.
 */

await operate('inventory', {
  readConfig,
  operations: {
    audit: async (_, { database, log, say }) => {
      const found = await auditStock({
        database,
        log,
        metrics: inventoryMetrics(createMetrics('inventory operator')),
      })
      for (const { productId, difference } of found) say(`product ${productId}: ${difference}`)
      say(`${found.length} products do not add up`)
      return found.length === 0 ? 0 : 1
    },
    messages: messagesOperation('inventory'),
  },
})
