import process from 'node:process'
import { parseArgs } from 'node:util'
import { queuesOf } from '../api/message-flows.ts'
import { closeDatabase, connectDatabase, type Database } from '../database/database.ts'
import { configOrExit } from '../process/lifecycle.ts'
import { createLog, type Log } from '../telemetry/log.ts'
import { type DeadLetter, listDeadLetters, replayDeadLetters } from './dead-letters.ts'
import { resendSince } from './outbox.ts'

/*
 * An operator's commands for one service, run with its own configuration and rights: next to it on a machine, or in
 * its container (`kubectl exec deploy/order -- bun services/order/src/operate.js messages list`).
 */

/** The tools of a command. `say` writes a line for the operator. */
export type Operation = { database: Database; log: Log; args: string[]; say: (line: string) => void }

/** The commands of a service by name. Each returns the exit status. */
export type Operations<Config> = Record<string, (config: Config, operation: Operation) => Promise<number>>

/** Runs one command of an operator and ends the process. */
export async function operate<Config extends { database: { url: string }; rabbitmqUrl: string }>(
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
  const all: Operations<Config> = {
    ...options.operations,
    messages: (_, operation) => messages(operation, { url: config.rabbitmqUrl, queues: queuesOf(service) }),
  }
  const run = all[name]
  if (!run) {
    process.stderr.write(`There is no operation "${name}"; there are ${Object.keys(all).join(', ')}\n`)
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

const MESSAGE_OPTIONS = { all: { type: 'boolean' }, 'sent-days': { type: 'string' } } as const

/**
 * `messages list` shows the dead letters, `messages show ID` one of them, and `messages replay ID` (or `--all`) sends
 * them back to their queue. `messages replay --sent-days 7` sends all messages of that time again, for a broker that
 * has lost its disk: a consumer that already handled a message does nothing.
 */
async function messages(
  { database, args, say }: Operation,
  broker: { url: string; queues: readonly string[] },
): Promise<number> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: MESSAGE_OPTIONS })
  const [verb, id] = positionals
  if (verb === 'replay' && values['sent-days'] !== undefined) {
    const count = await resendSince(database, Number(values['sent-days']))
    say(`${count} messages will be sent again`)
    return 0
  }
  if (verb === 'replay' && (id !== undefined || values.all)) {
    const wanted = (letter: DeadLetter): boolean => values.all === true || letter.id === id
    const sent = await Promise.all(broker.queues.map((queue) => replayDeadLetters(broker.url, queue, wanted)))
    sayEach(sent.flat().map((one) => `${one} is back in its queue`))
    return 0
  }
  const letters = (await Promise.all(broker.queues.map((queue) => listDeadLetters(broker.url, queue)))).flat()
  if (verb === 'show') {
    sayEach(letters.filter((one) => one.id === id).map((letter) => JSON.stringify(letter, undefined, 2)))
    return 0
  }
  sayEach(letters.map(lineOf))
  return 0

  /** Prints a line even if there is nothing, because silence could be a mistake. */
  function sayEach(lines: readonly string[]): void {
    for (const line of lines.length > 0 ? lines : [`${broker.queues.join(', ')}  none`]) say(line)
  }
}

function lineOf({ queue, id, type, subject, reason, attempts, firstFailedAt }: DeadLetter): string {
  return `${queue}  ${id}  ${type}  ${subject}  after ${attempts}  since ${firstFailedAt}  ${reason}`
}
