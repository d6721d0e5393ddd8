import { statfs } from 'node:fs/promises'
import process from 'node:process'
import { defaultStackName, repositoryFolder, stackPaths } from '../paths.ts'
import { portOwner } from '../processes/port-owner.ts'
import { isPortFree } from '../processes/ports.ts'
import { findSupervisor } from '../processes/supervisor-lock.ts'
import { howToGet, planInstallation } from '../programs/install-programs.ts'
import { findPrograms, type Programs, STORES, type Store, versionOf } from '../programs/programs.ts'
import { SERVICES } from '../servers/databases.ts'
import { givenServers } from '../servers/external.ts'
import { pinnedVersions } from '../services/runtime.ts'
import { messageOf } from '../stack-error.ts'
import { portBase } from './start.ts'

const FREE_BYTES_MIN = 1024 * 1024 * 1024

/** One finding: all right, or to be installed by the start, or what to do about it. */
export type Finding = { what: string; state: string; remedy?: string; isPending?: true }

/** `./bazaar doctor`: reports missing things on this machine and how to get them. Changes nothing. */
export async function doctor(): Promise<number> {
  const findings = [await checkRuntime(), ...(await checkStores()), await checkPorts(), await checkDisk()]
  for (const { what, state, remedy, isPending } of findings) {
    const mark = remedy !== undefined ? '✗' : isPending ? '…' : '✓'
    console.log(`${mark} ${what.padEnd(10)} ${state}`)
    if (remedy) console.log(`${remedy.replaceAll(/^/gm, '    ')}`)
  }
  console.log(`\n${summaryOf(findings)}`)
  return findings.some(({ remedy }) => remedy !== undefined) ? 1 : 0
}

/** The result of all findings, in one line. */
export function summaryOf(findings: readonly Finding[]): string {
  const wrong = findings.filter(({ remedy }) => remedy !== undefined)
  if (wrong.length > 0) return `${wrong.length} of ${findings.length} need your help.`
  const pending = findings.filter(({ isPending }) => isPending).map(({ what }) => what)
  if (pending.length > 0)
    return `Not there yet: ${pending.join(', ')}. ./bazaar start installs what is missing.`
  return 'Everything is ready: run ./bazaar start'
}

async function checkRuntime(): Promise<Finding> {
  const { bun } = await pinnedVersions()
  const running = process.versions['bun']
  const what = 'Bun'
  if (running === bun) return { what, state: `${running} at ${process.execPath}` }
  return {
    what,
    state: `${running}, but package.json pins ${bun}`,
    remedy: 'Run ./bazaar to get it.',
  }
}

async function checkStores(): Promise<Finding[]> {
  const [programs, external] = [await findPrograms(), givenServers()]
  return await Promise.all(
    STORES.map(async (store): Promise<Finding> => {
      const given = external[store]
      if (given) return { what: store, state: `given: ${new URL(given).host}` }
      const program = programPath(programs, store)
      if (program === undefined) {
        const plan = await planInstallation([store])
        if (plan?.allowed)
          return { what: store, state: 'not installed yet; ./bazaar start installs it', isPending: true }
        return { what: store, state: 'not installed', remedy: howToGet([store], plan) }
      }
      // Asking RabbitMQ for its version would start a broker.
      const version = store === 'rabbitmq' ? '' : await versionOf(program).catch(messageOf)
      return { what: store, state: [program, version].filter(Boolean).join(': ') }
    }),
  )
}

function programPath(programs: Programs, store: Store): string | undefined {
  const program = programs[store]
  return typeof program === 'object' ? program.server : program
}

async function checkPorts(): Promise<Finding> {
  const base = portBase()
  const range = `${base} to ${base + SERVICES.length}`
  if (await findSupervisor(stackPaths(defaultStackName()))) {
    return { what: 'ports', state: `${range} are used by the running stack` }
  }
  const taken: string[] = []
  for (let port = base; port <= base + SERVICES.length; port++) {
    if (!(await isPortFree(port))) taken.push(`${port} by ${(await portOwner(port)) ?? 'someone else'}`)
  }
  if (taken.length === 0) return { what: 'ports', state: `${range} are free` }
  const remedy = 'Stop whatever uses them, or choose other ports: BAZAAR_PORT_BASE=5000 means 5000 to 5004.'
  return { what: 'ports', state: `taken: ${taken.join(', ')}`, remedy }
}

async function checkDisk(): Promise<Finding> {
  const { bavail, bsize } = await statfs(repositoryFolder)
  const state = `${Math.floor((bavail * bsize) / 1024 / 1024)} MB free in ${repositoryFolder}`
  if (bavail * bsize >= FREE_BYTES_MIN) return { what: 'disk', state }
  return { what: 'disk', state, remedy: 'Free some space: the databases need about 1 GB.' }
}
