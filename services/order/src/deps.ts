import type { inventoryApi } from '@bazaar/shared/api/inventory'
import type { userApi } from '@bazaar/shared/api/user'
import type { Client } from '@bazaar/shared/clients/client'
import type { Database } from '@bazaar/shared/database/database'
import type { Log } from '@bazaar/shared/telemetry/log'
import type { Config } from './config.ts'
import type { OrderMetrics } from './metrics.ts'
import type { PaymentProvider } from './payment/payment-provider.ts'

/** The dependencies of the order service's use cases. */
export type Deps = {
  config: Config
  database: Database
  inventory: Pick<
    Client<typeof inventoryApi>,
    | 'listOffers'
    | 'placeReservation'
    | 'placeReservations'
    | 'confirmReservation'
    | 'confirmReservations'
    | 'listReservations'
  >
  users: Pick<Client<typeof userApi>, 'readAddress'>
  provider: PaymentProvider
  log: Log
  metrics: OrderMetrics
  /** Called after a commit that left work to do: messages to send, payments to move. */
  wake: { relay: () => void; payments: () => void }
}
