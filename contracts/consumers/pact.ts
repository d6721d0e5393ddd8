import { afterAll } from 'bun:test'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { PactV4 } from '@pact-foundation/pact'
import { readPact } from '../verify/pact-file.ts'

/**
 * A pact that is being written, with what was agreed upon so far. Pact itself is silent about two things that
 * are held here: of two interactions with one description only the last is kept, and one whose test was not
 * awaited is not written at all.
 */
export type OpenPact = { pact: PactV4; provider: string; descriptions: Set<string> }

/** Opens the pact between a consumer and a provider; at the end of the file everything must be in it. */
export function openPact(consumer: string, provider: string): OpenPact {
  const dir = process.env['BAZAAR_PACTS_FOLDER'] ?? join(tmpdir(), `bazaar-pacts-${process.pid}`)
  const pact = new PactV4({ consumer, provider, dir, logLevel: 'error' })
  const descriptions = new Set<string>()
  afterAll(() => {
    const file = join(dir, `${consumer}-${provider}.json`)
    const written = readPact(readFileSync(file, 'utf8'), file).interactions
    const missing = [...descriptions].filter((one) => !written.some((other) => other.description === one))
    if (missing.length > 0) throw new Error(`Not written into ${file}: ${missing.join('; ')}`)
  })
  return { pact, provider, descriptions }
}

/** Notes a description, which must be the only one of its words in the pact. */
export function describeOnce({ descriptions }: OpenPact, description: string): void {
  if (descriptions.has(description)) throw new Error(`Give each interaction its own words: "${description}"`)
  descriptions.add(description)
}
