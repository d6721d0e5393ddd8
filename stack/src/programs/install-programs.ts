import { rm, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { isThere } from '../is-there.ts'
import { type QuietRun, runQuietly } from '../processes/run-quietly.ts'
import { StackError } from '../stack-error.ts'
import { findProgram, findPrograms, missingPrograms, type Programs, type Store } from './programs.ts'

const DEBIAN_PACKAGES = {
  mysql: 'mariadb-server',
  redis: 'redis-server',
  rabbitmq: 'rabbitmq-server',
} as const satisfies Record<Store, string>

const HOMEBREW_PACKAGES = {
  mysql: 'mariadb',
  redis: 'redis',
  rabbitmq: 'rabbitmq',
} as const satisfies Record<Store, string>

const STORE_VARIABLES = {
  mysql: 'BAZAAR_MYSQL_URL',
  redis: 'BAZAAR_REDIS_URL',
  rabbitmq: 'BAZAAR_RABBITMQ_URL',
} as const satisfies Record<Store, string>

/** Answers "no" to every package that asks whether it may start its server now. */
const POLICY_FILE = '/usr/sbin/policy-rc.d'
const POLICY = '#!/bin/sh\nexit 101\n'

/** The commands that install the missing servers here, and whether this process may run them itself. */
export type InstallPlan = { commands: string[][]; allowed: boolean }

/**
 * The servers that a stack needs, installed if they are missing and this process may do that.
 * @throws {StackError} with the commands to type when it may not, or when they do not help.
 */
export async function ensurePrograms(
  needed: readonly Store[],
  { note, signal }: { note: (text: string) => void; signal: AbortSignal },
): Promise<Programs> {
  const found = await findPrograms()
  const missing = missingPrograms(found, needed)
  if (missing.length === 0) return found
  const plan = await planInstallation(missing)
  if (!plan?.allowed) throw new StackError(howToGet(missing, plan))
  note(`installing ${missing.map((store) => DEBIAN_PACKAGES[store]).join(', ')}`)
  for (const command of plan.commands) await runInstaller(command, { signal })
  const installed = await findPrograms()
  const stillMissing = missingPrograms(installed, needed)
  if (stillMissing.length > 0) throw new StackError(howToGet(stillMissing, plan))
  return installed
}

/** How to install the missing servers on this kind of machine, or undefined when that is unknown. */
export async function planInstallation(missing: readonly Store[]): Promise<InstallPlan | undefined> {
  if (await findProgram('apt-get')) {
    const packages = missing.map((store) => DEBIAN_PACKAGES[store])
    return {
      commands: [
        ['apt-get', 'update'],
        ['apt-get', 'install', '-y', '--no-install-recommends', ...packages],
      ],
      allowed: process.getuid?.() === 0,
    }
  }
  if (await findProgram('brew')) {
    return {
      commands: [['brew', 'install', ...missing.map((store) => HOMEBREW_PACKAGES[store])]],
      allowed: process.getuid?.() !== 0,
    }
  }
  return undefined
}

/** Tells a person what to do about missing servers. */
export function howToGet(missing: readonly Store[], plan: InstallPlan | undefined): string {
  const names = missing.map((store) => DEBIAN_PACKAGES[store]).join(', ')
  const variables = missing.map((store) => STORE_VARIABLES[store]).join(', ')
  const otherwise = `Or point ${variables} at servers that already run.`
  if (!plan) return `Cannot find ${names}. Install them with your system's package manager,\n${otherwise}`
  const prefix = plan.commands[0]?.[0] === 'apt-get' ? 'sudo ' : ''
  const typed = plan.commands.map((command) => `${prefix}${command.join(' ')}`).join(' && ')
  return `Cannot find ${names}. Run this, then try again:\n\n  ${typed}\n\n${otherwise}`
}

/**
 * Debian's packages start their servers on the standard ports when installed, which is prevented here. A signal ends
 * the download. Unpacking is not interrupted, because that would leave the system's packages half configured.
 */
export async function runInstaller(command: readonly string[], { signal }: QuietRun = {}): Promise<void> {
  const [program, action] = command
  const unpacks = program === 'apt-get' && action === 'install'
  await runQuietly(unpacks ? [...command, '--download-only'] : command, { ...(signal && { signal }) })
  if (!unpacks) return
  const forbidStarting = !(await isThere(POLICY_FILE))
  if (forbidStarting) await writeFile(POLICY_FILE, POLICY, { mode: 0o755 })
  try {
    await runQuietly(command)
  } finally {
    if (forbidStarting) await rm(POLICY_FILE, { force: true })
  }
}
