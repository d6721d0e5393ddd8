import type { Entry } from '../history/history.ts'
import { membersOf } from './evidence.ts'

/** What one look at the machine found: see `watchMachine`. */
type Speed = { tMs: number; stretch: number; flushMs: number; lateMs: number }

/**
 * Beyond any of these Bazaar keeps its own deadlines only by luck: it gives Redis a quarter of a second, MariaDB less
 * than two, and each answer takes a dozen turns at a core.
 */
const FIT_MAX = { stretch: 4, flushMs: 250, lateMs: 100 }
/** Slower than that is too slow to judge: nothing waits even longer. */
export const SLOWNESS_MAX = 5
/** A look tells of so much time before and after it. */
const TELLS_OF_MS = 1_000

/** The machine during a run, by the history. */
export type MachineSeen = {
  /** Whether it let everything have its turn from one moment to another. */
  wasFit: (fromMs: number, toMs: number) => boolean
  /** Whether it did for most of the run. */
  wasMostlyFit: () => boolean
  /** How many times as long things took as on a free machine, half of the time, from 1 to 5. */
  slowness: (fromMs: number, toMs: number) => number
  /** The worst of a while, for people. */
  worst: (fromMs: number, toMs: number) => Record<string, number>
}

/** What the looks at the machine in a history say. Without any it is taken for fit: a run is not excused by their lack. */
export function machineIn(history: readonly Entry[]): MachineSeen {
  const looks = history.flatMap(({ process, f, value, tMs }): Speed[] => {
    if (process !== 'machine' || f !== 'speed') return []
    const { stretch, flushMs, lateMs } = membersOf(value)
    return [{ tMs, stretch: Number(stretch), flushMs: Number(flushMs), lateMs: Number(lateMs) }]
  })
  const between = (fromMs: number, toMs: number) =>
    looks.filter(({ tMs }) => tMs >= fromMs - TELLS_OF_MS && tMs <= toMs + TELLS_OF_MS)
  const isFit = ({ stretch, flushMs, lateMs }: Speed) =>
    stretch <= FIT_MAX.stretch && flushMs <= FIT_MAX.flushMs && lateMs <= FIT_MAX.lateMs
  return {
    wasFit: (fromMs, toMs) => between(fromMs, toMs).every(isFit),
    wasMostlyFit: () => looks.filter(isFit).length * 2 >= looks.length,
    slowness(fromMs, toMs) {
      const all = between(fromMs, toMs).map(({ stretch }) => stretch)
      const median = all.toSorted((one, other) => one - other)[(all.length - 1) >> 1] ?? 1
      return Math.min(median, SLOWNESS_MAX)
    },
    worst(fromMs, toMs) {
      const most = (name: keyof typeof FIT_MAX) =>
        Math.round(between(fromMs, toMs).reduce((worst, look) => Math.max(worst, look[name]), 0))
      return { stretch: most('stretch'), flushMs: most('flushMs'), lateMs: most('lateMs') }
    },
  }
}
