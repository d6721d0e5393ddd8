import process from 'node:process'
import { parseArgs } from 'node:util'
import { defaultStackName } from '../paths.ts'
import type { SupervisorEvent } from '../processes/supervisor.ts'
import { AlreadyRunning } from '../processes/supervisor-lock.ts'
import { storeRow } from '../programs/store-rows.ts'
import { type Progress, showProgress } from '../progress.ts'
import { startReport } from '../report.ts'
import { SERVICES, type ServiceName } from '../servers/databases.ts'
import { DEFAULT_SHOP_PORT, SHOP } from '../services/shop.ts'
import { type Stack, startStack } from '../stack.ts'
import { StackError } from '../stack-error.ts'
import { duration } from '../table.ts'

const INSIST_AFTER_MS = 1_000
const EXIT_STATUS = { SIGINT: 130, SIGTERM: 0, SIGHUP: 0 } as const

/** `./bazaar start`: runs the stack until it is told to stop. */
export async function start(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      'no-seed': { type: 'boolean', default: false },
      except: { type: 'string', multiple: true, default: [] },
      stores: { type: 'string' },
    },
  })
  const startedAt = performance.now()
  const progress = showProgress()
  const stopping = stopOnSignal(progress)
  let stack: Stack
  try {
    stack = await startStack({
      name: defaultStackName(),
      portBase: portBase(),
      runtime: process.env['BAZAAR_RUNTIME'] || 'bun',
      seed: !values['no-seed'],
      except: values.except.filter((name) => name !== SHOP).map(serviceNamed),
      shop: !values.except.includes(SHOP),
      ...(values.stores && { row: storeRow(values.stores) }),
      progress,
      onEvent: (event) => showEvent(event, progress),
      signal: stopping.signal,
    })
  } catch (error) {
    // What was cut short by the signal fails in many ways; none of them is news.
    if (stopping.signal.aborted) return await stopping.status
    if (error instanceof AlreadyRunning) return reportRunning(error)
    throw error
  }
  if (!stopping.signal.aborted) {
    progress.line(await startReport(stack, { afterMs: performance.now() - startedAt }))
  }
  const status = await stopping.status
  await stack.stop()
  progress.line('Stopped. ./bazaar start brings everything back as it was.')
  return status
}

/** The port of the shop; those of the services come after it. */
export function portBase(): number {
  const text = process.env['BAZAAR_PORT_BASE'] || String(DEFAULT_SHOP_PORT)
  const base = Number(text)
  if (Number.isInteger(base) && base >= 1024 && base <= 65_000) return base
  throw new StackError(`Cannot use BAZAAR_PORT_BASE "${text}": it must be a whole number from 1024 to 65000.`)
}

/** The service of that name. */
export function serviceNamed(name: string): ServiceName {
  const service = SERVICES.find((known) => known === name)
  if (service) return service
  throw new StackError(`There is no service "${name}"; there are ${SERVICES.join(', ')} and ${SHOP}.`)
}

/**
 * Ends in order on the first signal. Ctrl-C once more ends this process at once, and the guardians do the rest;
 * not within a second, because wrappers pass on the signal that the terminal has sent to everybody already.
 */
function stopOnSignal(progress: Progress): { signal: AbortSignal; status: Promise<number> } {
  const controller = new AbortController()
  const status = Promise.withResolvers<number>()
  let insistedFrom = Number.POSITIVE_INFINITY
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (name === 'SIGINT' && performance.now() > insistedFrom) process.exit(EXIT_STATUS.SIGINT)
      if (controller.signal.aborted) return
      insistedFrom = performance.now() + INSIST_AFTER_MS
      progress.line(`Stopping (${name}); Ctrl-C once more leaves without waiting.`)
      status.resolve(EXIT_STATUS[name])
      controller.abort()
    })
  }
  return { signal: controller.signal, status: status.promise }
}

function reportRunning({ message, supervisor }: AlreadyRunning): number {
  const urls = Object.entries(supervisor.urls).map(([service, url]) => `  ${service.padEnd(10)} ${url}`)
  console.error([message, ...urls, 'See ./bazaar status, or stop it with ./bazaar stop.'].join('\n'))
  return 1
}

function showEvent(event: SupervisorEvent, progress: Progress): void {
  const at = new Date().toTimeString().slice(0, 8)
  switch (event.kind) {
    case 'ended':
      progress.line(
        `${at} ✗ ${event.name} ended (${event.exit}); it is started again in ${duration(event.restartInMs)}. See ./bazaar logs ${event.name}`,
      )
      return
    case 'back':
      progress.line(`${at} ✓ ${event.name} is back, ready after ${duration(event.afterMs)}.`)
      return
    case 'stopped':
      // The steps of stopping are shown already.
      return
  }
}
