import { demoAccounts } from '../seed/accounts.ts'
import { STORE_OF, STORE_PROCESSES } from './processes/fleet.ts'
import { residentBytes } from './processes/process-table.ts'
import { SERVICES } from './servers/databases.ts'
import type { Stack } from './stack.ts'
import { duration, megabytes, table } from './table.ts'

/** The facts about a stack that has just come up: addresses, time, log-ins, things to try. */
export async function startReport(stack: Stack, options: { afterMs: number }): Promise<string> {
  const services = await Promise.all(
    SERVICES.map(async (service) => [
      service,
      stack.urls[service],
      `${stack.urls[service]}/docs`,
      duration(stack.readyTimes[service]),
      await memoryOf(stack, service),
    ]),
  )
  const stores = await Promise.all(
    STORE_PROCESSES.map(async (name) => `${stack.versions[STORE_OF[name]]} (${await memoryOf(stack, name)})`),
  )
  return [
    '',
    `Bazaar is ready after ${(options.afterMs / 1000).toFixed(1)} s.`,
    '',
    ...table([['service', 'URL', 'Swagger page', 'ready after', 'memory'], ...services]),
    '',
    `  Stores: ${stores.join(', ')}. Data and logs: ${stack.paths.folder}`,
    '',
    ...(stack.hasDemoData ? accountLines() : []),
    'Try it:',
    '',
    `  curl -s ${stack.urls.inventory}/home`,
    ...(stack.hasDemoData ? logInLines(stack) : []),
    '',
    'Ctrl-C stops everything; the data stays.',
    '',
    ...(stack.urls.shop ? [`Open ${stack.urls.shop}`, ''] : []),
  ].join('\n')
}

function accountLines(): string[] {
  const rows = demoAccounts.map(({ type, name, email, password }) => [type, name, email, password])
  return ['Demo accounts:', '', ...table([['type', 'name', 'e-mail', 'password'], ...rows]), '']
}

function logInLines(stack: Stack): string[] {
  const [account] = demoAccounts.filter(({ type }) => type === 'BUYER')
  if (!account) return []
  const body = JSON.stringify({ login: account.email, password: account.password })
  return [
    `  curl -s ${stack.urls.user}/sessions -H 'content-type: application/json' -d '${body.replaceAll("'", "'\\''")}'`,
  ]
}

async function memoryOf(stack: Stack, name: string): Promise<string> {
  const pid = stack.pid(name)
  return pid === undefined ? 'not run here' : megabytes(await residentBytes(pid))
}
