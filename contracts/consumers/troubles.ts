import { type IamStates, type InventoryStates, statesOf } from '../states.ts'
import type { Agreement } from './agree.ts'
import { refusalUntilLater, refusalWith } from './answers.ts'

/** A refusal that is not about what the consumer's own caller wants, and what the consumer takes it for. */
type Trouble = {
  agreement: Agreement
  expected: { status: number; code: string; retryAfterSeconds?: number }
}

const given = statesOf<IamStates & InventoryStates>()

/** What can always happen to a call that needs an API key: the key is refused, or the provider is in trouble. */
export function troublesOf(call: {
  name: string
  provider: string
  request: Agreement['request']
  holder: { key: string; caller: string; scopes: string[] }
}): Trouble[] {
  const { name, provider, request, holder } = call
  return [
    {
      agreement: {
        description: `${name}: our key was revoked`,
        given: [given('an API key that was revoked', holder)],
        request,
        response: refusalWith(401, 'unauthenticated'),
      },
      expected: { status: 401, code: 'unauthenticated' },
    },
    {
      agreement: {
        description: `${name}: our key does not open this`,
        given: [given('an API key', { ...holder, scopes: ['keys:manage'] })],
        request,
        response: refusalWith(403, 'forbidden'),
      },
      expected: { status: 403, code: 'forbidden' },
    },
    {
      agreement: {
        description: `${name}: the database is away`,
        given: [given('an API key', holder), given('the database cannot be reached', { database: provider })],
        request,
        response: refusalUntilLater(503, 'dependency-unavailable'),
      },
      expected: { status: 503, code: 'dependency-unavailable', retryAfterSeconds: 2 },
    },
  ]
}
