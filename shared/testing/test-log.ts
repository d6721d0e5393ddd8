import process from 'node:process'
import { pino } from 'pino'
import type { Log } from '../telemetry/log.ts'
import { noteSent } from './sent-problems.ts'

/** The log of code that runs inside the test's own process; it is silent unless LOG_LEVEL is set. */
export const testLog: Log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })

/** The log of a service that runs inside the test's own process: as silent, but problems that it sends are noted. */
export function testLogOf(service: string): Log {
  if (!process.env['BAZAAR_SENT']) return testLog.child({ service })
  return pino({ level: 'info', base: { service } }, { write: (line) => noteSent(line.trimEnd()) })
}
