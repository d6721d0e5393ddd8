import { fileURLToPath } from 'node:url'

/*
 * Tests that must show that they can fail, and tests that stop a process at one exact step, change the source of
 * Bazaar while a process loads it. The source itself has at most a comment, so nothing of it can reach production.
 */

/** One change to a source file: the text that stands there exactly once, and what to put in its place. */
export type Plant = {
  /** Seen from the root of the repository. */
  file: string
  find: string
  put: string
}

/** The variable that holds the plants of a process, as JSON. */
export const PLANTS_VARIABLE = 'BAZAAR_TEST_PLANTS'

/** The arguments and the variable with which Bun runs a program with plants in it. */
export function planted(plants: readonly Plant[]): {
  arguments: string[]
  environment: Record<string, string>
} {
  return {
    arguments: ['--preload', fileURLToPath(new URL('preload.ts', import.meta.url))],
    environment: { [PLANTS_VARIABLE]: JSON.stringify(plants) },
  }
}

/**
 * The source with the plants of one file in it.
 * @throws {Error} when a text does not stand there exactly once: then the plant no longer fits what it is about.
 */
export function plant(source: string, plants: readonly Plant[]): string {
  return plants.reduce((text, { file, find, put }) => {
    const times = text.split(find).length - 1
    if (times !== 1)
      throw new Error(`Cannot plant in ${file}: "${find}" stands there ${times} times, not once`)
    return text.replace(find, () => put)
  }, source)
}
