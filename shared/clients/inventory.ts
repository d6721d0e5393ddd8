import { inventoryApi } from '../api/inventory.ts'
import { type Client, type ClientOptions, clientOf } from './client.ts'

/** A client of the inventory service. */
export function inventoryClient(options: ClientOptions): Client<typeof inventoryApi> {
  return clientOf(inventoryApi, options)
}
