import { spawn } from 'node:child_process'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { repository } from '../folders.ts'

/** How a child process ended, and everything it wrote. */
export type Ended = { status: number; output: string }

/**
 * Runs a script of ours in a process of its own. Pact's native part asks an analytics host for its address unless
 * told not to before it starts, and writes whole pages, so that it dies of a pipe which is read too slowly:
 * therefore its environment is ours, and its output goes into a file. No proxy, for all it talks to is here.
 */
export async function runChild(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Ended> {
  const { HTTP_PROXY: _1, HTTPS_PROXY: _2, http_proxy: _3, https_proxy: _4, ...inherited } = process.env
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-child-'))
  const file = await open(join(folder, 'output'), 'w')
  try {
    const child = spawn(process.execPath, args, {
      cwd: repository,
      env: { ...inherited, ...environment, PACT_DO_NOT_TRACK: 'true', NO_COLOR: '1' },
      stdio: ['ignore', file.fd, file.fd],
    })
    const status = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve(code ?? 1))
    })
    return { status, output: await readFile(join(folder, 'output'), 'utf8') }
  } finally {
    await file.close()
    await rm(folder, { recursive: true, force: true })
  }
}
