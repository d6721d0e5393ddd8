import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noteSent } from '@bazaar/shared/testing/sent-problems'
import { type Suite, suites } from './suites.ts'
import type { Counts } from './test-counts.ts'

/** Where the problems are noted that services send while suites run, and what is missing there. */
export type SentProblems = {
  /** What a suite is told: where to note them, or where to read them and which suites have not noted all of theirs. */
  variablesFor: (suite: Suite) => Record<string, string>
  /** Notes what the services of a stack have sent, as their logs tell it, and whether the suite has come to its end. */
  note: (suite: Suite, ended: { counts: Counts; logsFolder: string | undefined }) => Promise<void>
  forget: () => Promise<void>
}

/** Makes room for the problems of one run. */
export async function openSentProblems(): Promise<SentProblems> {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-sent-'))
  const missing = new Set(suites.filter(({ problems }) => problems === 'noted').map(({ name }) => name))
  return {
    variablesFor({ problems }) {
      if (problems === undefined) return {}
      return { BAZAAR_SENT: folder, BAZAAR_SENT_WITHOUT: problems === 'judged' ? [...missing].join(' ') : '' }
    },
    async note({ name, problems }, { counts, logsFolder }) {
      if (problems !== 'noted') return
      if (counts.passed > 0 && counts.failed === 0) missing.delete(name)
      if (logsFolder) await noteSentIn(logsFolder, folder)
    },
    forget: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Notes in a folder which problems the services of a stack have sent, as far as their logs still tell. */
async function noteSentIn(logsFolder: string, into: string): Promise<void> {
  const names = (await readdir(logsFolder)).filter((name) => /\.log(?:\.1)?$/.test(name))
  for (const name of names) {
    const text = await readFile(join(logsFolder, name), 'utf8')
    for (const line of text.split('\n')) noteSent(line, into)
  }
}
