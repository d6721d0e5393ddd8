import type { StoreRow } from '../servers/store-rows.ts'
import type { Suite } from './suites.ts'

/** A suite, and the stores on which it is to run: those that are there anyway where none is named. */
export type Run = { suite: Suite; row: StoreRow | undefined }

/** Each suite on each row, row after row; those to which stores make no difference only once. */
export function runsOf(chosen: readonly Suite[], rows: readonly StoreRow[]): Run[] {
  const [first, ...others] = rows
  const concerned = chosen.filter(({ needs }) => needs !== 'nothing')
  return [
    ...chosen.map((suite) => ({ suite, row: first })),
    ...others.flatMap((row) => concerned.map((suite) => ({ suite, row }))),
  ]
}

/** What a run is called in the results. */
export function nameOf({ suite, row }: Run): string {
  return suite.needs === 'nothing' ? suite.name : nameOn(row, suite.name)
}

/** What something is called on a row of stores. */
export function nameOn(row: StoreRow | undefined, name: string): string {
  return row ? `${name} on ${row.name}` : name
}
