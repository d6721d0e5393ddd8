import { orderApi } from '../api/order.ts'
import { type Client, type ClientOptions, clientOf } from './client.ts'

/** A client of the order service. */
export function orderClient(options: ClientOptions): Client<typeof orderApi> {
  return clientOf(orderApi, options)
}
