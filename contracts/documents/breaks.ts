import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChild } from '../verify/child.ts'

const DIFFER = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js')
/** It asks nobody for a newer version of itself, and tells nobody that it runs. */
const QUIET = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }

/** A change that a program written for the earlier document may not survive. */
export type Break = {
  /** The operation or message where it is met: its method and path, or its name. */
  where: string
  what: string
}

/** A change as @redocly/cli reports it. */
type Change = {
  path: string
  property?: string
  impact: 'major' | 'minor' | 'patch'
  verdicts: { message: string }[]
  base?: { pointer: string; value?: unknown }
  revision?: { value?: unknown }
}

/**
 * What breaks between two documents. @redocly/cli judges, but for three things on which we are of another mind:
 * an answer that loses a value is a break (somebody may wait for it), a new code of a refusal is none (clients are told to
 * expect them), and `x-access`, which it does not know, may only be opened.
 *
 * @throws {Error} when the documents cannot be compared.
 */
export async function breaksBetween(base: object, revision: object): Promise<Break[]> {
  const changes = await changesBetween(base, revision)
  const judged = changes.flatMap((change) =>
    messagesOf(change).map((what) => ({ where: placeOf(change), what: `${what} (${change.path})` })),
  )
  return [...judged, ...accessBreaks(base, revision)]
}

async function changesBetween(base: object, revision: object): Promise<Change[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-documents-'))
  const before = join(folder, 'base.json')
  const after = join(folder, 'revision.json')
  const report = join(folder, 'report.json')
  try {
    await writeFile(before, JSON.stringify(base))
    await writeFile(after, JSON.stringify(revision))
    const words = ['diff', before, after, '--format=json', `--output=${report}`, '--fail-on=none']
    const { status, output } = await runChild([DIFFER, ...words], QUIET)
    if (status !== 0) throw new Error(`Cannot compare the documents: ${output}`)
    const { changes }: { changes: Change[] } = JSON.parse(await readFile(report, 'utf8'))
    return changes
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const IN_ANSWER = /\/responses\//
const CODE_OF_REFUSAL = /\/responses\/[45]\d\d\/.*\/properties\/code$/

function messagesOf({ path, property, impact, verdicts, base, revision }: Change): string[] {
  if (property === 'enum' && IN_ANSWER.test(path)) {
    const [before, after] = [asArray(base?.value), asArray(revision?.value)]
    const gone = before.filter((value) => !after.includes(value))
    if (gone.length > 0) return [`No longer answered: ${gone.join(', ')}.`]
    if (CODE_OF_REFUSAL.test(path)) return []
  }
  return impact === 'major' ? verdicts.map(({ message }) => message) : []
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** `POST /orders` out of `#/paths/~1orders/post/…`, the path alone where all of it has moved, or a message's channel. */
function placeOf({ path, base }: Change): string {
  const parts = partsOf(path)
  const [kind, name = '', method = ''] = parts.length === 2 && base ? partsOf(base.pointer) : parts
  if (kind === 'channels') return name
  return kind === 'paths' ? `${method.toUpperCase()} ${name}`.trim() : path
}

function partsOf(pointer: string): string[] {
  const parts = pointer.replace(/^#\//, '').split('/')
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function accessBreaks(base: object, revision: object): Break[] {
  const after = accessIn(revision)
  return [...accessIn(base)].flatMap(([where, before]) => {
    const now = after.get(where)
    if (now === undefined || includes(now, before)) return []
    return [{ where, what: `Access was changed from ${JSON.stringify(before)} to ${JSON.stringify(now)}.` }]
  })
}

type Access = 'anyone' | { session?: string; key?: string }

/** Whether all callers that were let in still are. */
function includes(now: Access, before: Access): boolean {
  if (now === 'anyone' || before === 'anyone') return now === before || now === 'anyone'
  if (now.session === 'any' && before.session) return true
  return now.session === before.session && now.key === before.key
}

/** Who may call each operation, by its method and path. */
function accessIn(document: object): Map<string, Access> {
  const { paths = {} }: { paths?: Record<string, Record<string, { 'x-access'?: Access }>> } = document
  const found = new Map<string, Access>()
  for (const [path, item] of Object.entries(paths))
    for (const [method, { 'x-access': access }] of Object.entries(item))
      if (access) found.set(`${method.toUpperCase()} ${path}`, access)
  return found
}
