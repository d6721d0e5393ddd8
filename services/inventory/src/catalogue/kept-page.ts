/** A page that is put together seldom and read often. */
export type KeptPage<Page> = {
  /** The page as it was at most `forMs` ago. */
  read: () => Promise<Page>
  /** Called after a change: who reads from now on sees it. */
  drop: () => void
}

type Kept<Page> = { page: Promise<Page>; until: number }

/**
 * Keeps a page for a while, so that a thousand readers cost one query. Who comes while it is put together waits for that
 * one, unless it was dropped since. A page that could not be put together is not kept.
 */
export function keptPage<Page>(
  putTogether: () => Promise<Page>,
  { forMs, now = () => performance.now() }: { forMs: number; now?: () => number },
): KeptPage<Page> {
  let kept: Kept<Page> | undefined

  async function begin(): Promise<Page> {
    // What is shown was read after this moment, so it is not older.
    const until = now() + forMs
    // However long it takes, nobody begins a second one beside it.
    const begun: Kept<Page> = { page: putTogether(), until: Number.POSITIVE_INFINITY }
    kept = begun
    try {
      const page = await begun.page
      begun.until = until
      return page
    } catch (error) {
      if (kept === begun) kept = undefined
      throw error
    }
  }

  return {
    read: () => (kept && now() < kept.until ? kept.page : begin()),
    drop: () => {
      kept = undefined
    },
  }
}
