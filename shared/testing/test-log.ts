import process from 'node:process'
import { pino } from 'pino'
import type { Log } from '../telemetry/log.ts'

/** The log of code that runs inside the test's own process; it is silent unless LOG_LEVEL is set. */
export const testLog: Log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })
