import process from 'node:process'

/** How often a race is run: a few times with all other tests, and in full by `bun run races`. */
export function raceRounds({ quick, full }: { quick: number; full: number }): number {
  return process.env['BAZAAR_RACES'] === 'full' ? full : quick
}
