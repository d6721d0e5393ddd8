/** Something that can be passed only while nobody keeps it closed. */
export type Gate = {
  pass: () => Promise<void>
  /** Closes it until the function that is returned is called. */
  close: () => () => void
  /** Opens it for good. */
  open: () => void
}

/** An open gate. */
export function createGate(): Gate {
  const keepers = new Set<symbol>()
  let waiting: (() => void)[] = []
  let isOpenForGood = false

  function letPass(): void {
    if (keepers.size > 0 && !isOpenForGood) return
    for (const go of waiting) go()
    waiting = []
  }

  return {
    pass: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        letPass()
      }),
    close() {
      const keeper = Symbol('keeper')
      keepers.add(keeper)
      return () => {
        keepers.delete(keeper)
        letPass()
      }
    },
    open() {
      isOpenForGood = true
      letPass()
    },
  }
}
