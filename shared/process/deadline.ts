/** The work did not finish in time. It may still be running. */
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

/** A pause that the code it is for can cut short. */
export type Pause = { wait: (timeoutMs: number) => Promise<void>; end: () => void }

/** Makes a pause: `wait` lasts `timeoutMs`, or until `end` is called, or no time at all if it was just called. */
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
