import { userApi } from '../api/user.ts'
import { type Client, type ClientOptions, clientOf } from './client.ts'

/** A client of the user service. */
export function userClient(options: ClientOptions): Client<typeof userApi> {
  return clientOf(userApi, options)
}
