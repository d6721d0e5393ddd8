import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { until } from '@bazaar/shared/testing/until'

/** The page of the shop that a link in a letter opens. */
type LinkPage = 'new-password' | 'verify-email'

/** Waits for a letter with a link, in the mailbox of the stack under test; its token. */
export async function linkTokenFor(
  email: string,
  page: LinkPage = 'new-password',
  folder = ownMailbox(),
): Promise<string> {
  return await until('a letter with a link is there', async () => {
    const letters = await lettersTo(email, folder)
    return letters.map((letter) => letter.split(`/${page}?link=`)[1]?.slice(0, 43)).find(Boolean)
  })
}

/** The letters to an address that are in a mailbox, as they were sent but with long lines whole. */
export async function lettersTo(email: string, folder = ownMailbox()): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.eml'))
  const letters = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  return letters
    .filter((letter) => letter.includes(`To: ${email}`))
    .map((letter) => letter.replaceAll('=\r\n', '').replaceAll('=3D', '='))
}

function ownMailbox(): string {
  return JSON.parse(process.env['BAZAAR_ENVIRONMENTS'] ?? '{}').user.LETTERS_FOLDER
}
