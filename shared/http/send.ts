type Sent = { status?: unknown; headers: Record<string, unknown> }

/** Sends an answer that has headers of its own, or another status than the usual one, by Elysia's `set`. */
export function send<Body>(
  set: Sent,
  answer: { body: Body; status?: number | undefined; headers: Record<string, string> },
): Body {
  Object.assign(set.headers, answer.headers)
  if (answer.status !== undefined) set.status = answer.status
  return answer.body
}
