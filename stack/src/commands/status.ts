import { parseArgs } from 'node:util'
import { judge, type MarketHealth, marketHealth } from '../health/market-health.ts'
import { readJson } from '../json-file.ts'
import { defaultStackName, type StackPaths, stackPaths } from '../paths.ts'
import { STORE_OF, STORE_PROCESSES } from '../processes/fleet.ts'
import { recordPath, runRecord } from '../processes/guarded-process.ts'
import { isRunning, residentBytes } from '../processes/process-table.ts'
import { findSupervisor } from '../processes/supervisor-lock.ts'
import { askVersions } from '../programs/store-versions.ts'
import { SERVICES } from '../servers/databases.ts'
import { isReady } from '../services/services.ts'
import { SHOP } from '../services/shop.ts'
import { megabytes, table } from '../table.ts'
import { findRunningStack } from './running-stack.ts'

/**
 * `./bazaar status [--json]`: whether the marketplace sells, what runs, where, with how much memory and on which
 * store versions, and what is waiting. Returns 1 when it does not sell, including when the stack does not run.
 */
export async function status(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } })
  const paths = stackPaths(defaultStackName())
  const supervisor = await findSupervisor(paths)
  if (!supervisor) {
    console.log(`The stack "${paths.name}" is not running. ./bazaar start runs it.`)
    return 1
  }
  const { stores } = await findRunningStack(paths)
  const [versions, health] = await Promise.all([
    askVersions(stores.adminUrls),
    marketHealth({ urls: supervisor.urls, brokerUrls: stores.rabbitmqUrls }),
  ])
  const verdict = judge(health)
  if (values.json) {
    const services = Object.fromEntries(
      Object.entries(health.services).map(([name, { figures: _, ...state }]) => [name, state]),
    )
    console.log(
      JSON.stringify({ stack: paths.name, ...verdict, stores: versions, ...health, services }, undefined, 2),
    )
    return verdict.sells ? 0 : 1
  }
  const rows = await Promise.all([
    ...SERVICES.map((service) => serviceRow(paths, service, supervisor.urls[service])),
    ...(supervisor.urls[SHOP] ? [serviceRow(paths, SHOP, supervisor.urls[SHOP])] : []),
    ...STORE_PROCESSES.map((name) =>
      storeRow(paths, name, { version: versions[STORE_OF[name]], url: stores.adminUrls[STORE_OF[name]] }),
    ),
  ])
  const since = supervisor.readyAt ? `ready since ${supervisor.readyAt}` : 'starting'
  console.log(`The stack "${paths.name}" is ${since} (process ${supervisor.pid}).\n`)
  console.log(table([['', 'where', 'state', 'process', 'memory', 'version'], ...rows]).join('\n'))
  console.log(`\n${table([['', 'waiting', 'oldest'], ...backlogRows(health)]).join('\n')}\n`)
  console.log(verdict.sells ? 'The marketplace sells.' : 'The marketplace does not sell.')
  for (const line of verdict.attention) console.log(`  ${line}`)
  return verdict.sells ? 0 : 1
}

function backlogRows({ pending, unsent, queues }: MarketHealth): string[][] {
  const number = (value: number | undefined): string => (value === undefined ? 'unknown' : String(value))
  const seconds = (value: number | undefined): string => (value === undefined ? '' : `${value} s`)
  return [
    ['orders being completed', number(pending.waiting), seconds(pending.oldestAgeSeconds)],
    ['messages to be sent', number(unsent.waiting), seconds(unsent.oldestAgeSeconds)],
    ...(queues ?? []).map(({ queue, waiting, dead }) => [
      `queue ${queue}`,
      dead === 0 ? String(waiting) : `${waiting}, and ${dead} that could not be handled`,
      '',
    ]),
  ]
}

async function serviceRow(paths: StackPaths, service: string, url = ''): Promise<string[]> {
  const running = await processOf(paths, service)
  const state = (await isReady(url)) ? 'ready' : running ? 'not ready' : 'down'
  return [service, url, state, running ? String(running.pid) : '-', megabytes(running?.bytes), '']
}

async function storeRow(
  paths: StackPaths,
  name: string,
  { version, url }: { version: string; url: string },
): Promise<string[]> {
  const running = await processOf(paths, name)
  const place = new URL(url).host
  if (!running) return [name, place, 'not run here', '-', '-', version]
  return [name, place, 'running', String(running.pid), megabytes(running.bytes), version]
}

async function processOf(
  paths: StackPaths,
  name: string,
): Promise<{ pid: number; bytes: number | undefined } | undefined> {
  const record = await readJson(recordPath(paths, name), runRecord)
  if (!record || !(await isRunning(record.server))) return undefined
  return { pid: record.server.pid, bytes: await residentBytes(record.server.pid) }
}
