import { asItWas } from './routes/prepared.ts'

type Sent = { status?: unknown; headers: Record<string, unknown> }

/**
 * Sends an answer with headers of its own, or with another status than usual, through Elysia's `set`. What was kept for a
 * repetition is sent as it was, whatever the schema of today says: it may be of the release before this one, or after.
 */
export function send<Body>(
  set: Sent,
  answer: {
    body: Body
    status?: number | undefined
    headers: Record<string, string>
    isReplay?: boolean
  },
): Body {
  Object.assign(set.headers, answer.headers)
  if (answer.status !== undefined) set.status = answer.status
  return answer.isReplay ? asItWas(answer.body) : answer.body
}
