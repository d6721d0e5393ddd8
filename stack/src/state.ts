import { type Static, Type } from '@sinclair/typebox'
import { readJson, writeJson } from './json-file.ts'
import type { StackPaths } from './paths.ts'

const stateSchema = Type.Object({
  /** The ports of the private servers, reused if they are still free. */
  ports: Type.Record(Type.String(), Type.Integer()),
  /** The row of stores that it last ran on; none for this machine's own servers. */
  stores: Type.Optional(Type.String()),
  /** The migrations that a database server has seen, by its address. */
  migrated: Type.Record(Type.String(), Type.Record(Type.String(), Type.String())),
  /** The time when demo data was loaded, by the address of the database server. */
  seededAt: Type.Record(Type.String(), Type.String()),
})

/** The things that a stack remembers from one run to the next, beside its data. */
export type StackState = Static<typeof stateSchema>

/** The stack's memory; empty when it never ran. */
export async function loadState(paths: StackPaths): Promise<StackState> {
  return (await readJson(paths.state, stateSchema)) ?? { ports: {}, migrated: {}, seededAt: {} }
}

/** Remembers something more. Only the supervisor of a stack does this, one change after the other. */
export async function changeState(
  paths: StackPaths,
  change: (state: StackState) => StackState,
): Promise<void> {
  await writeJson(paths.state, change(await loadState(paths)))
}
