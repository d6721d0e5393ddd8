import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'
import { endWithUs } from '@bazaar/shared/testing/child'

/** What a command wrote and how it ended. */
export type Outcome = { status: number | null; stdout: string; stderr: string }

/** How a command is run. */
export type CommandOptions = {
  environment?: Readonly<Record<string, string>>
  folder?: string
  timeoutMs?: number
  stdin?: string
}

/** Runs a command to its end, whatever that is; it does not outlive us. */
export function attempt(command: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  const [program = '', ...rest] = command
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(program, rest, {
      cwd: options.folder,
      env: { ...process.env, ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.timeoutMs && { timeout: options.timeoutMs, killSignal: 'SIGKILL' as const }),
    })
    endWithUs(child)
    const written = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]?.on('data', (chunk) => {
        written[stream] += String(chunk)
      })
    }
    child.stdin?.on('error', (error: NodeJS.ErrnoException) => {
      // A command may end without having read what it was given.
      if (error.code !== 'EPIPE') reject(error)
    })
    child.stdin?.end(options.stdin ?? '')
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, ...written }))
  })
}

/**
 * Runs a command that has to succeed, and answers what it wrote.
 * @throws {Error} with the end of what it wrote when it fails.
 */
export async function output(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { status, stdout, stderr } = await attempt(command, options)
  if (status === 0) return stdout
  const last = `${stdout}${stderr}`.trimEnd().split('\n').slice(-25).join('\n')
  throw new Error(`\`${command.join(' ')}\` failed with status ${status}:\n${last}`)
}

/** Runs a command that has to succeed. */
export async function run(command: readonly string[], options: CommandOptions = {}): Promise<void> {
  await output(command, options)
}

/**
 * Installs Debian packages unless the programs are there already.
 * @throws {Error} with the command to type where this process may not install anything.
 */
export async function ensureInstalled(needed: Readonly<Record<string, string>>): Promise<void> {
  const missing: string[] = []
  for (const [program, packages] of Object.entries(needed)) {
    const { status } = await attempt(['sh', '-c', 'PATH=$PATH:/usr/sbin:/sbin; command -v "$0"', program])
    if (status !== 0) missing.push(...packages.split(' '))
  }
  if (missing.length === 0) return
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...new Set(missing)]
  const isDebian = (await attempt(['sh', '-c', 'command -v apt-get'])).status === 0
  if (process.getuid?.() !== 0 || !isDebian)
    throw new Error(`Cannot go on without them: ${install.join(' ')}`)
  // A run level of 1 keeps packages from starting their servers.
  const environment = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  await run(['apt-get', 'update', '-q'], { environment })
  await run([...install, '-o', 'DPkg::Lock::Timeout=300'], { environment })
}
