import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { noteSent } from '@bazaar/shared/testing/sent-problems'

/** Notes in a folder which problems the services of a stack have sent, as far as their logs still tell. */
export async function noteSentIn(logsFolder: string, into: string): Promise<void> {
  const names = (await readdir(logsFolder)).filter((name) => /\.log(?:\.1)?$/.test(name))
  for (const name of names) {
    const text = await readFile(join(logsFolder, name), 'utf8')
    for (const line of text.split('\n')) noteSent(line, into)
  }
}
