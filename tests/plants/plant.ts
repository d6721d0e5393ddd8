import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/*
 * Tests that must show that they can fail, and tests that stop a process at one exact step, change the source of
 * Bazaar while a process loads it. The source itself has at most a comment, so nothing of it can reach production.
 */

/** One change to a source file: the text that stands there exactly once, and what to put in its place. */
export type Plant = {
  /** Seen from the root of the repository. */
  file: string
  /** The function or constant in which the text stands once; without it, the whole file. */
  within?: string
  find: string
  put: string
}

/** A change to one function or constant, which the rest of its file does not disturb. */
export type PlantInFunction = Plant & { within: string }

/** A change to one function or constant of a file. */
export function inFunction(file: string, within: string, find: string, put: string): PlantInFunction {
  return { file, within, find, put }
}

/** The variable that holds the plants of a process, as JSON. */
export const PLANTS_VARIABLE = 'BAZAAR_TEST_PLANTS'

/**
 * The arguments and the variable with which Bun runs a program with plants in it.
 * @throws {Error} when a plant does not fit, because a program that never loads its file would run without it.
 */
export function planted(plants: readonly Plant[]): {
  arguments: string[]
  environment: Record<string, string>
} {
  for (const file of new Set(plants.map((one) => one.file))) sourceWith(plants, file)
  return {
    arguments: ['--preload', fileURLToPath(new URL('preload.ts', import.meta.url))],
    environment: { [PLANTS_VARIABLE]: JSON.stringify(plants) },
  }
}

/** The source of a file with its plants in it. */
export function sourceWith(plants: readonly Plant[], file: string): string {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url))
  if (!existsSync(path)) throw new Error(`Cannot plant in ${file}: there is no such file`)
  return plant(
    readFileSync(path, 'utf8'),
    plants.filter((one) => one.file === file),
  )
}

/**
 * The source with the plants of one file in it.
 * @throws {Error} when a text does not stand there exactly once: then the plant no longer fits what it is about.
 */
export function plant(source: string, plants: readonly Plant[]): string {
  return plants.reduce((text, { file, within, find, put }) => {
    const [from, to] = within === undefined ? [0, text.length] : reachOf(text, { file, name: within })
    const there = text.slice(from, to)
    const times = there.split(find).length - 1
    const place = within === undefined ? file : `${within} of ${file}`
    if (times !== 1)
      throw new Error(`Cannot plant in ${place}: "${find}" stands there ${times} times, not once`)
    return text.slice(0, from) + there.replace(find, () => put) + text.slice(to)
  }, source)
}

/**
 * From where to where the function or constant of that name reaches. It ends where a line begins as far to the left
 * as the declaration does: the formatter sees to that, so no parser is needed in every process with plants.
 */
function reachOf(source: string, { file, name }: { file: string; name: string }): [from: number, to: number] {
  const declaration = new RegExp(`^( *)(?:export )?(?:async )?(?:function|const|let) ${name}\\b`, 'gm')
  const found = [...source.matchAll(declaration)]
  const [first] = found
  if (!first || found.length > 1)
    throw new Error(`Cannot plant in ${file}: it declares ${name} ${found.length} times, not once`)

  const indent = first[1]?.length ?? 0
  let to = endOfLine(source, first.index)
  // The lines of a text begin anywhere.
  if (source.slice(first.index, to).trimEnd().endsWith('`'))
    return [first.index, endOfLine(source, source.indexOf('`', to))]
  while (to < source.length) {
    const next = endOfLine(source, to)
    const line = source.slice(to, next).trimEnd()
    const isFurtherIn = line === '' || line.search(/\S/) > indent
    if (!isFurtherIn && !CLOSES.test(line)) break
    to = next
    if (!isFurtherIn && !/[{([]$/.test(line)) break
  }
  return [first.index, to]
}

/** The end of what is declared, or of its parameters: `}`, `): Promise<void> {`, `} as const`. */
const CLOSES = /^ *[\])}>`]/

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from)
  return at === -1 ? text.length : at + 1
}
