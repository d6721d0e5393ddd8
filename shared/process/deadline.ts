/** The work was not done in time. It may still be going on. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded'
}

/**
 * The result of `work`, waited for at most `timeoutMs`.
 * @throws {DeadlineExceeded} with `reason` when it takes longer.
 */
export async function within<T>(timeoutMs: number, work: Promise<T>, reason: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineExceeded(reason)), timeoutMs)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

/** A pause that can be cut short, by whom it is for. */
export type Pause = { wait: (timeoutMs: number) => Promise<void>; end: () => void }

/** Makes a pause: `wait` lasts `timeoutMs`, or until `end` is called, or not at all if it just was. */
export function createPause(): Pause {
  let ended = Promise.withResolvers<void>()
  return {
    async wait(timeoutMs) {
      let timer: NodeJS.Timeout | undefined
      await Promise.race([
        ended.promise,
        new Promise<void>((resolve) => {
          timer = setTimeout(resolve, timeoutMs)
        }),
      ])
      clearTimeout(timer)
      ended = Promise.withResolvers<void>()
    },
    end: () => ended.resolve(),
  }
}
