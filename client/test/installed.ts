import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { writePackage } from '../build/package.ts'
import { PICTURE_FILE } from './world.ts'

/** A project of somebody else's, with the client installed from the file that would be published. */
export type Project = {
  folder: string
  /** The packed client. */
  tarball: string
  remove: () => void
}

/** Packs the client, and unpacks it where package managers put it. */
export async function newProject(): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'bazaar-client-'))
  const published = join(folder, 'published')
  writePackage(published)
  await run([process.execPath, 'pm', 'pack', '--quiet', '--destination', folder], { folder: published })
  const tarball = join(folder, 'bazaar-client-0.1.0.tgz')
  const installed = join(folder, 'node_modules', '@bazaar', 'client')
  mkdirSync(installed, { recursive: true })
  await run(['tar', '-xzf', tarball, '--strip-components=1', '-C', installed], { folder })
  const manifest = { type: 'module', dependencies: { '@bazaar/client': '0.1.0' } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  copyFileSync(PICTURE_FILE, join(folder, 'kettle.webp'))
  return { folder, tarball, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/**
 * Runs a command to its end and answers what it wrote to its output.
 * @throws {Error} with all that it wrote, when it fails.
 */
export async function run(
  [program = '', ...args]: readonly string[],
  { folder, environment }: { folder: string; environment?: Record<string, string> },
): Promise<string> {
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...environment } })
  let output = ''
  let complaints = ''
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    complaints += String(chunk)
  })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (status !== 0)
    throw new Error(`${[program, ...args].join(' ')} ended with ${status}:\n${output}${complaints}`)
  return output
}
