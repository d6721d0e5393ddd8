import process from 'node:process'
import { runInstaller } from '../programs/install-programs.ts'
import { findProgram } from '../programs/programs.ts'
import { StackError } from '../stack-error.ts'

const PACKAGES = ['chromium', 'fonts-dejavu-core']

/**
 * The browser that tests open the Swagger pages with, installed if it is missing and this process may do that.
 * @throws {StackError} with the command to type when it may not.
 */
export async function ensureBrowser(note: (text: string) => void, signal?: AbortSignal): Promise<void> {
  if (await findProgram('chromium')) return
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...PACKAGES]
  const allowed = process.getuid?.() === 0 && (await findProgram('apt-get')) !== undefined
  if (!allowed)
    throw new StackError(`Cannot find chromium. Type this, then try again:\n\n  sudo ${install.join(' ')}`)
  note(`installing ${PACKAGES.join(', ')}`)
  for (const command of [['apt-get', 'update'], install])
    await runInstaller(command, { ...(signal && { signal }) })
}
