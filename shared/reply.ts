/** A success that needs another status than the operation's usual one, or headers of its own. */
export class Reply<Body> {
  readonly body: Body
  readonly status: number | undefined
  readonly headers: Record<string, string>
  /** It was kept for a repetition, perhaps by another release: it is given again as it was. */
  readonly isReplay: boolean

  constructor(
    body: Body,
    options: { status?: number; headers?: Record<string, string>; isReplay?: boolean } = {},
  ) {
    this.body = body
    this.status = options.status
    this.headers = options.headers ?? {}
    this.isReplay = options.isReplay ?? false
  }
}
