import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { privateFolder } from '../paths.ts'
import { runInstaller } from '../programs/install-programs.ts'
import { findProgram } from '../programs/programs.ts'
import { StackError } from '../stack-error.ts'

const FOLDER = join(privateFolder, 'promtool')
const UNPACKED = join(FOLDER, 'usr/bin/promtool')
const PACKAGE = 'prometheus'

/**
 * Where the tool is that checks rules and metrics as Prometheus reads them.
 * @throws {StackError} when it is not on this machine.
 */
export async function findPromtool(): Promise<string> {
  const found = (await findProgram('promtool')) ?? (existsSync(UNPACKED) ? UNPACKED : undefined)
  if (found) return found
  throw new StackError('Cannot find promtool. ./bazaar test alerts gets it on Debian and Ubuntu')
}

/**
 * Gets the tool when it is missing. The package is only unpacked here: installed, it would start a Prometheus with the
 * machine.
 *
 * @throws {StackError} when it cannot be had here.
 */
export async function ensurePromtool(note: (text: string) => void, signal?: AbortSignal): Promise<void> {
  if (await findPromtool().catch(() => undefined)) return
  if (!(await findProgram('apt-get')))
    throw new StackError(
      'Cannot find promtool, which comes with Prometheus: put it into PATH, then try again',
    )
  note(`getting ${PACKAGE}`)
  await mkdir(FOLDER, { recursive: true })
  const options = { ...(signal && { signal }) }
  await runInstaller(['sh', '-c', 'cd "$0" && apt-get download "$1"', FOLDER, PACKAGE], options)
  const [archive] = (await readdir(FOLDER)).filter((name) => name.endsWith('.deb'))
  if (!archive) throw new StackError(`Cannot get ${PACKAGE}: sudo apt-get update, then try again`)
  await runInstaller(['dpkg-deb', '-x', join(FOLDER, archive), FOLDER], options)
  await findPromtool()
}
