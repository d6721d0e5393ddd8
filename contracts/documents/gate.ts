import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { repository } from '../folders.ts'
import { type Break, breaksBetween } from './breaks.ts'
import { documentFile, keptDocument, servedDocuments } from './committed.ts'
import { lettersDocument, lettersFile } from './letters.ts'

const WRITE_ANEW = 'run ./bazaar run contracts:write documents, review, commit'
const NOTES = '### Breaks clients'

/**
 * What keeps the documents from being delivered, in one line each: one that is not the committed one, so that nobody has
 * reviewed it; and a break since the last release that CHANGELOG.md does not tell.
 */
export async function documentFaults(): Promise<string[]> {
  return [...(await unreviewed()), ...(await unsaid())]
}

/** The documents that are not what their services serve now. */
export async function unreviewed(): Promise<string[]> {
  const faults: string[] = []
  if ((await readFile(lettersFile, 'utf8').catch(() => '')) !== lettersDocument())
    faults.push(`${relative(repository, lettersFile)} is not what is sent now: ${WRITE_ANEW}`)
  for (const one of await servedDocuments()) {
    const file = documentFile('committed', one)
    if (isDeepStrictEqual(await keptDocument(file), one.document)) continue
    faults.push(`${relative(repository, file)} is not what ${one.service} offers now: ${WRITE_ANEW}`)
  }
  return faults
}

/** The breaks since the last release that clients are not told. What was never released breaks nobody. */
async function unsaid(): Promise<string[]> {
  const notes = notesIn(await readFile(join(repository, 'CHANGELOG.md'), 'utf8'))
  const faults: string[] = []
  for (const one of await servedDocuments()) {
    const released = await keptDocument(documentFile('released', one))
    if (!released || isDeepStrictEqual(released, one.document)) continue
    const breaks = unsaidIn(await breaksBetween(released, one.document), notes)
    for (const { where, what } of breaks)
      faults.push(
        `${one.service} breaks \`${where}\`: ${what} Keep to what was released, or say it under "${NOTES}" in CHANGELOG.md`,
      )
  }
  return faults
}

/** Those breaks whose place no note has, as it is written here: \`POST /orders\`, between backticks. */
export function unsaidIn(breaks: readonly Break[], notes: string): Break[] {
  return breaks.filter(({ where }) => !notes.includes(`\`${where}\``))
}

/** What the changelog tells of breaks since the last release. */
export function notesIn(changelog: string): string {
  const [, unreleased = ''] = changelog.split(/^## /m)
  return (
    unreleased
      .split(/^(?=### )/m)
      .find((part) => part.startsWith(NOTES))
      ?.slice(NOTES.length) ?? ''
  )
}
