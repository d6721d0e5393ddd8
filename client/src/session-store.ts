type MaybePromise<T> = T | Promise<T>

/** Keeps the session of the person who is logged in. It is the key to their account: keep it where only they can read it. */
export type SessionStore = {
  /** The session, or undefined (or null) when nobody is logged in. */
  load: () => MaybePromise<string | null | undefined>
  /** Keeps a session after a log-in; undefined after a log-out. */
  save: (session: string | undefined) => MaybePromise<void>
}

/** Keeps the session until the program ends. */
export function memoryStore(session?: string): SessionStore {
  let kept = session
  return {
    load: () => kept,
    save: (next) => {
      kept = next
    },
  }
}
