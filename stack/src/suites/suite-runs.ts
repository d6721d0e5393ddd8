import type { StoreRow } from '../programs/store-rows.ts'
import type { Suite } from './suites.ts'

/** A suite, and the stores to run it on: whatever is there if none is named. */
export type Run = { suite: Suite; row: StoreRow | undefined }

/** Each suite on each row, row after row; suites that do not use stores run only once. */
export function runsOf(chosen: readonly Suite[], rows: readonly StoreRow[]): Run[] {
  const [first, ...others] = rows
  const concerned = chosen.filter(({ needs }) => needs !== 'nothing')
  return [
    ...chosen.map((suite) => ({ suite, row: first })),
    ...others.flatMap((row) => concerned.map((suite) => ({ suite, row }))),
  ]
}

/** The name of a run in the results. */
export function nameOf({ suite, row }: Run): string {
  return suite.needs === 'nothing' ? suite.name : nameOn(row, suite.name)
}

/** The name of something on a row of stores. */
export function nameOn(row: StoreRow | undefined, name: string): string {
  return row ? `${name} on ${row.name}` : name
}
