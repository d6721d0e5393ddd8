import process from 'node:process'

/** The number of times a race is run: a few with all other tests, and in full by `bun run races`. */
export function raceRounds({ quick, full }: { quick: number; full: number }): number {
  return process.env['BAZAAR_RACES'] === 'full' ? full : quick
}
