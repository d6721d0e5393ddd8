import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import process from 'node:process'
import { shapeOf } from './statements.ts'

/*
 * Loaded before a service: writes the first statement of each shape that it sends to its database to the file named by
 * STATEMENTS_FILE, one a line. mysql2 announces every statement with its values in place.
 */

const file = process.env['STATEMENTS_FILE']
const seen = new Set<string>()

subscribe('tracing:mysql2:query:start', (message) => {
  const statement: unknown = typeof message === 'object' && message !== null && Reflect.get(message, 'query')
  if (file === undefined || typeof statement !== 'string') return
  const shape = shapeOf(statement)
  if (seen.has(shape)) return
  seen.add(shape)
  appendFileSync(file, `${JSON.stringify(statement)}\n`)
})
