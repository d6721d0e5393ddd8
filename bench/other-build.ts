import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { privateFolder, repositoryFolder } from '@bazaar/stack/paths'
import type { startStack } from '@bazaar/stack/stack'
import type { openMarket } from './market.ts'

const run = promisify(execFile)

/** Another commit of this repository, ready to run: checked out below `.bazaar`, where it stays for the next time. */
export type OtherBuild = { commit: string; startStack: typeof startStack; openMarket: typeof openMarket }

/**
 * Checks out a commit beside this one and installs what it needs.
 * @throws {Error} when there is no such commit, or it cannot be installed.
 */
export async function otherBuild(name: string): Promise<OtherBuild> {
  const commit = await git('rev-parse', '--verify', `${name}^{commit}`)
  const folder = join(privateFolder, 'builds', commit)
  if (!existsSync(folder)) await git('worktree', 'add', '--detach', folder, commit)
  await run(process.execPath, ['install', '--frozen-lockfile'], { cwd: folder })
  const { startStack: start }: Pick<OtherBuild, 'startStack'> = await import(
    join(folder, 'stack/src/stack.ts')
  )
  // Its own clients, since those of this build expect this build's answers.
  const { openMarket: open }: Pick<OtherBuild, 'openMarket'> = await import(join(folder, 'bench/market.ts'))
  return { commit, startStack: start, openMarket: open }
}

/** The commit that is checked out here. */
export function ownCommit(): Promise<string> {
  return git('rev-parse', 'HEAD')
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: repositoryFolder })
  return stdout.trim()
}
