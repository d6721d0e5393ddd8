import { SERVICES } from './databases.ts'
import { STORE_PROCESSES } from './fleet.ts'
import { recordPath, runRecord } from './guarded-process.ts'
import { readJson } from './json-file.ts'
import { defaultStackName, type StackPaths, stackPaths } from './paths.ts'
import { isRunning, residentBytes } from './process-table.ts'
import { isReady } from './services.ts'
import { loadState } from './state.ts'
import { findSupervisor } from './supervisor-lock.ts'
import { megabytes, table } from './table.ts'

/** `./bazaar status`: what runs, where, and with how much memory. Answers 1 when the stack does not run. */
export async function status(): Promise<number> {
  const paths = stackPaths(defaultStackName())
  const supervisor = await findSupervisor(paths)
  if (!supervisor) {
    console.log(`The stack "${paths.name}" is not running. ./bazaar start runs it.`)
    return 1
  }
  const { ports } = await loadState(paths)
  const rows = await Promise.all([
    ...SERVICES.map((service) => serviceRow(paths, service, supervisor.urls[service])),
    ...STORE_PROCESSES.map((name) => storeRow(paths, name, ports[STORE_PORTS[name]])),
  ])
  const since = supervisor.readyAt ? `ready since ${supervisor.readyAt}` : 'starting'
  console.log(`The stack "${paths.name}" is ${since} (process ${supervisor.pid}).\n`)
  console.log(table([['', 'where', 'state', 'process', 'memory'], ...rows]).join('\n'))
  return 0
}

const STORE_PORTS = { database: 'mysql', redis: 'redis', rabbitmq: 'rabbitmq' } as const

async function serviceRow(paths: StackPaths, service: string, url = ''): Promise<string[]> {
  const running = await processOf(paths, service)
  const state = (await isReady(url)) ? 'ready' : running ? 'not ready' : 'down'
  return [service, url, state, running ? String(running.pid) : '-', megabytes(running?.bytes)]
}

async function storeRow(paths: StackPaths, name: string, port: number | undefined): Promise<string[]> {
  const running = await processOf(paths, name)
  if (!running) return [name, '-', 'not run here', '-', '-']
  return [name, `127.0.0.1:${port}`, 'running', String(running.pid), megabytes(running.bytes)]
}

async function processOf(
  paths: StackPaths,
  name: string,
): Promise<{ pid: number; bytes: number | undefined } | undefined> {
  const record = await readJson(recordPath(paths, name), runRecord)
  if (!record || !(await isRunning(record.server))) return undefined
  return { pid: record.server.pid, bytes: await residentBytes(record.server.pid) }
}
