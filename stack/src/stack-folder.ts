import { chmod, mkdir, stat } from 'node:fs/promises'
import process from 'node:process'
import { privateFolder, type StackPaths } from './paths.ts'
import { codeOf, StackError } from './stack-error.ts'

/** Only the owner. */
export const OWNER_ONLY = 0o700
const OTHERS = 0o007

/**
 * Makes the folders of a stack, which are closed to everybody else on this machine, because they hold passwords, keys
 * and data. Servers must not find their data owned by another user, so a stack is always run by the same user.
 * @throws {StackError} when the folder belongs to another user.
 */
export async function makeStackFolder(paths: StackPaths): Promise<void> {
  await makeClosed(privateFolder)
  await makeClosed(paths.folder)
  const { uid } = await stat(paths.folder)
  if (process.getuid && process.getuid() !== uid) {
    throw new StackError(
      `Cannot use ${paths.folder}: it belongs to the user with the id ${uid}. Run this as that user, or delete it.`,
    )
  }
  await mkdir(paths.logs, { recursive: true })
  await mkdir(paths.letters, { recursive: true, mode: OWNER_ONLY })
}

async function makeClosed(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY })
    // An earlier version left it open.
    if (((await stat(folder)).mode & OTHERS) !== 0) await chmod(folder, OWNER_ONLY)
  } catch (error) {
    if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EPERM') throw error
    throw new StackError(
      `Cannot use ${folder}: it belongs to another user. Run this as that user, or delete it.`,
    )
  }
}
