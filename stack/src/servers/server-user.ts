import { execFile } from 'node:child_process'
import { chmod, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { privateFolder, type StackPaths } from '../paths.ts'

const run = promisify(execFile)

/** The owner, and the group on its way to a folder below. */
const GROUP_MAY_PASS = 0o710

/**
 * The user that the database server runs as: this process's own or, for root, the user `mysql`, who must be able to
 * reach the data. The stack's own folders let the group of `mysql` pass for that, and nobody else. If a folder
 * further up is only root's (such as /root), or if the server has a root of its own, whose users are others on this
 * machine, the server runs as root itself.
 */
export async function databaseUser(paths: StackPaths, root: string | undefined): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined
  if (root !== undefined) return 'root'
  const own = ownFolders(paths)
  const mysqlExists = await run('id', ['-u', 'mysql']).then(
    () => true,
    () => false,
  )
  if (!mysqlExists || !(await isOpenToOthers(dirname(own.at(-1) ?? paths.folder)))) return 'root'
  const { stdout: group } = await run('id', ['-g', 'mysql'])
  await run('chgrp', [group.trim(), ...own])
  for (const folder of own) await chmod(folder, GROUP_MAY_PASS)
  return 'mysql'
}

/** The stack's folders down to its stores, and the private ones of this copy of the repository above them. */
function ownFolders({ stores, folder }: StackPaths): string[] {
  const own = stores === folder ? [folder] : [stores, dirname(stores), folder]
  return dirname(folder) === privateFolder ? [...own, privateFolder] : own
}

/** Whether every folder on the way down to this one lets anybody pass. */
async function isOpenToOthers(folder: string): Promise<boolean> {
  const { mode } = await stat(folder)
  if ((mode & 0o001) === 0) return false
  return dirname(folder) === folder || (await isOpenToOthers(dirname(folder)))
}
