import type { Result } from './measure.ts'

/** What a run with `--keep` writes. */
export type Results = {
  at: string
  commit: string
  /** The other commit, if there was one. */
  against: string | null
  /** What the machine was, and how busy at the end of the run. */
  machine: { cores: number; load: number[] }
  rows: Result[]
}
