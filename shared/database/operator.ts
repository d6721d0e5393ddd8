import process from 'node:process'
import { configOrExit } from '../process/lifecycle.ts'
import { createLog, type Log } from '../telemetry/log.ts'
import { closeDatabase, connectDatabase, type Database } from './database.ts'

/*
 * An operator's commands for one service, run with its own configuration and rights: next to it on a machine, or in
 * its container (`kubectl exec deploy/order -- bun services/order/src/operate.js messages list`).
 */

/** The tools of a command. `say` writes a line for the operator. */
export type Operation = { database: Database; log: Log; args: string[]; say: (line: string) => void }

/** The commands of a service by name. Each returns the exit status. */
export type Operations<Config> = Record<string, (config: Config, operation: Operation) => Promise<number>>

/** Runs one command of an operator and ends the process. */
export async function operate<Config extends { database: { url: string } }>(
  service: string,
  options: {
    readConfig: (environment: Record<string, string | undefined>) => Config
    operations: Operations<Config>
  },
): Promise<void> {
  const [name = '', ...args] = process.argv.slice(2)
  const config = configOrExit(options.readConfig)
  const log = createLog({ service: `${service} operator`, level: 'warn' })
  const database = connectDatabase({ url: config.database.url, poolMax: 4, log })
  const { operations } = options
  const run = operations[name]
  if (!run) {
    process.stderr.write(`There is no operation "${name}"; there are ${Object.keys(operations).join(', ')}\n`)
    process.exit(2)
  }
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  try {
    const status = await run(config, { database, log, args, say })
    await closeDatabase(database)
    process.exit(status)
  } catch (error) {
    // Through the log, because the runtime would print the whole error, with a database's statement and values.
    log.error({ error }, `cannot do this: ${name}`)
    process.exit(1)
  }
}
