import { inventoryApi } from './inventory.ts'
import type { Api } from './operation.ts'
import { orderApi } from './order.ts'
import { userApi } from './user.ts'

/** The services that people call, and where `./bazaar start` has them. */
export const marketplace: readonly { api: Api; url: string }[] = [
  { api: userApi, url: 'http://127.0.0.1:4002' },
  { api: inventoryApi, url: 'http://127.0.0.1:4003' },
  { api: orderApi, url: 'http://127.0.0.1:4004' },
]
