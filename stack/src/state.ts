import { type Static, Type } from '@sinclair/typebox'
import { readJson, writeJson } from './json-file.ts'
import type { StackPaths } from './paths.ts'

const stateSchema = Type.Object({
  /** The ports of the private servers, taken again when still free. */
  ports: Type.Record(Type.String(), Type.Integer()),
  /** The row of stores that it ran on the last time; none for this machine's own servers. */
  stores: Type.Optional(Type.String()),
  /** The migrations that a database server, by its address, has seen. */
  migrated: Type.Record(Type.String(), Type.Record(Type.String(), Type.String())),
  /** When demo data was loaded, by the address of the database server. */
  seededAt: Type.Record(Type.String(), Type.String()),
})

/** What a stack remembers from one run to the next, beside its data. */
export type StackState = Static<typeof stateSchema>

/** What the stack remembers; nothing when it never ran. */
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
