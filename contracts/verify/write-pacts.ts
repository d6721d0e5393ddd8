import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pactsFolder } from '../folders.ts'
import { runChild } from './child.ts'
import { fingerprint, type Pact, readPact } from './pact-file.ts'

/** The pacts by their file names, as text. */
export type PactTexts = Map<string, string>

/**
 * Lets the consumers say anew what they need.
 * @throws {Error} naming those of their tests that fail.
 */
export async function statePacts(): Promise<PactTexts> {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-pacts-'))
  try {
    const tests = await runChild(['test', '--timeout=120000', './contracts/consumers'], {
      BAZAAR_PACTS_FOLDER: folder,
    })
    if (tests.status !== 0) throw new Error(`The consumers’ own tests fail:\n${failuresIn(tests.output)}`)
    return await readTexts(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The pacts that are committed. */
export function committedPacts(): Promise<PactTexts> {
  return readTexts(pactsFolder)
}

/** Replaces the committed pacts; those that nobody states any more are removed. */
export async function savePacts(pacts: PactTexts): Promise<void> {
  const old = [...(await committedPacts()).keys()].filter((name) => !pacts.has(name))
  await Promise.all(old.map((name) => rm(join(pactsFolder, name))))
  await Promise.all([...pacts].map(([name, text]) => writeFile(join(pactsFolder, name), text)))
}

/** What is different in the pacts, in one line each; none when every byte is the same. */
export function differences(committed: PactTexts, stated: PactTexts): string[] {
  return [...new Set([...committed.keys(), ...stated.keys()])].sort().flatMap((name) => {
    const before = committed.get(name)
    const after = stated.get(name)
    if (before === after) return []
    if (after === undefined) return [`${name}: nobody states this pact any more`]
    if (before === undefined) return [`${name}: new`]
    const lines = interactionDifferences(readPact(before, name), readPact(after, name))
    return (lines.length > 0 ? lines : ['written by another version of Pact']).map(
      (line) => `${name}: ${line}`,
    )
  })
}

function interactionDifferences(before: Pact, after: Pact): string[] {
  const named = (pact: Pact) => new Map(pact.interactions.map((one) => [one.description, fingerprint(one)]))
  const [old, fresh] = [named(before), named(after)]
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((description) => {
    if (!fresh.has(description)) return [`no longer "${description}"`]
    if (!old.has(description)) return [`also "${description}"`]
    return old.get(description) === fresh.get(description) ? [] : [`otherwise "${description}"`]
  })
}

async function readTexts(folder: string): Promise<PactTexts> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  )
}

/** Which tests failed and how, out of what they wrote; all of it when it says neither. */
export function failuresIn(output: string): string {
  const lines = output.split('\n').filter((line) => /^(\(fail\)|error:)/.test(line))
  return lines.length > 0 ? [...new Set(lines)].map((line) => `    ${line}`).join('\n') : output
}
