import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Static, TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { codeOf, StackError } from './stack-error.ts'

/**
 * Reads a file that `writeJson` wrote, or returns undefined when there is none.
 * @throws {StackError} when it contains anything else, which is never overwritten.
 */
export async function readJson<S extends TSchema>(path: string, schema: S): Promise<Static<S> | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    if (codeOf(error) === 'EACCES')
      throw new StackError(`Cannot read ${path}: it belongs to another user. Run this as that user.`)
    throw error
  }
  const value = parse(text)
  if (Value.Check(schema, value)) return value
  throw new StackError(
    `Cannot use ${path}: this version did not write it. Move it away, or run ./bazaar reset.`,
  )
}

/** Replaces a file in one step: every reader, even after a crash, finds either the old or the new one, complete. */
export async function writeJson(path: string, value: unknown, mode = 0o644): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode })
  await rename(draft, path)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
