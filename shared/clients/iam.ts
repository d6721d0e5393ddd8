import { iamApi } from '../api/iam.ts'
import { type Client, type ClientOptions, clientOf } from './client.ts'

/** A client of the identity service. */
export function iamClient(options: ClientOptions): Client<typeof iamApi> {
  return clientOf(iamApi, options)
}
