import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import process from 'node:process'
import { currentTrace } from '@bazaar/shared/telemetry/trace'
import { Connection } from 'mysql2'

/*
 * Loaded before a service: writes every statement that it sends to its database to the file named by WALK_FILE, with
 * its connection and with the trace of the request or message that it is sent for.
 */

/** A statement as it was sent: `trace` is missing where a worker sent it by itself. */
export type Sent = { at: number; service: string; connection: number; trace?: string; statement: string }

const file = process.env['WALK_FILE']
let connection = 0

// mysql2 announces a statement with its values in place, but does not say on which connection.
const query = Connection.prototype.query
Object.assign(Connection.prototype, {
  query(this: Connection, ...statement: Parameters<typeof query>) {
    connection = this.threadId
    return query.apply(this, statement)
  },
})

subscribe('tracing:mysql2:query:start', (message) => {
  if (file === undefined || typeof message !== 'object' || message === null) return
  const [statement, database]: unknown[] = [Reflect.get(message, 'query'), Reflect.get(message, 'database')]
  if (typeof statement !== 'string' || typeof database !== 'string') return
  const [, trace] = currentTrace()?.traceparent.split('-') ?? []
  const service = database.slice(database.lastIndexOf('_') + 1)
  const sent: Sent = { at: Date.now(), service, connection, ...(trace ? { trace } : {}), statement }
  appendFileSync(file, `${JSON.stringify(sent)}\n`)
})
