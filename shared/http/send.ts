type Sent = { status?: unknown; headers: Record<string, unknown> }

/** Sends an answer with headers of its own, or with another status than usual, through Elysia's `set`. */
export function send<Body>(
  set: Sent,
  answer: { body: Body; status?: number | undefined; headers: Record<string, string> },
): Body {
  Object.assign(set.headers, answer.headers)
  if (answer.status !== undefined) set.status = answer.status
  return answer.body
}
