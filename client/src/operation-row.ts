/** How one operation is called. */
export type OperationRow = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With the names of its parameters, as in `/orders/:orderId`. */
  path: string
  sends?: 'json' | 'picture'
  answersPicture?: true
  needsSession?: true
  /** It is sent with an Idempotency-Key. */
  takesKey?: true
  isPaged?: true
  /** What it does to the session, when it succeeds. */
  session?: 'begins' | 'ends'
}
