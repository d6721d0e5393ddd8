import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'

/**
 * What is known of an attempt. `ok`: it succeeded. `fail`: it certainly had no effect. `info`: nobody knows, it
 * may have happened, may happen yet, or not at all.
 */
export type Outcome = 'ok' | 'fail' | 'info'

/**
 * One line of what happened. An attempt is two of them: `invoke` when it is sent, and its outcome. `key` is the
 * same for all attempts at one thing, and `attempt` tells them apart.
 *
 * Faults are in the same file, under the process `nemesis`: `f` is the kind of fault, `invoke` when it begins,
 * `ok` when it is healed or the killed is there again. `f: 'calm'` with `invoke` says that from now on there is no
 * fault any more. The process `fleet` notes each end of a process: `f: 'exit'`, `value: { name, code, signal,
 * expected }`.
 */
export type Entry = {
  process: string
  f: string
  key: string
  value: unknown
  type: 'invoke' | Outcome
  /** Milliseconds since 1970, with fractions. */
  tMs: number
  attempt?: number
}

/** Where what happens is written down. */
export type History = {
  add: (entry: Omit<Entry, 'tMs'>) => void
  /** Everything is in the file. */
  close: () => Promise<void>
}

/** Milliseconds since 1970, by a clock that never goes back. */
export function nowMs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 10) / 10
}

/** Begins a history, as JSON lines in a file. */
export function beginHistory(file: string): History {
  const stream = createWriteStream(file)
  return {
    add: (entry) => void stream.write(`${JSON.stringify({ ...entry, tMs: nowMs() })}\n`),
    close: () =>
      new Promise((resolve, reject) => {
        stream.once('error', reject)
        stream.end(() => resolve())
      }),
  }
}

/** Reads a history that was written before. */
export async function readHistory(file: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line !== '') entries.push(JSON.parse(line))
  }
  return entries
}
