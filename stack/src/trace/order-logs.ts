import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { SERVICES } from '../servers/databases.ts'
import { codeOf } from '../stack-error.ts'

/** A line of a service's log, as far as it is shown: nothing that a caller sent. */
export type LogLine = {
  time: Date
  service: string
  level: string
  msg: string
  operation?: string | undefined
  status?: number | undefined
  attempts?: number | undefined
}

const entry = Type.Object({
  time: Type.String(),
  service: Type.String(),
  level: Type.String(),
  msg: Type.Optional(Type.String()),
  operation: Type.Optional(Type.String()),
  status: Type.Optional(Type.Number()),
  attempts: Type.Optional(Type.Number()),
})

const LINES_MAX = 500

/**
 * What all services logged about something that has one of these ids: an order, a trace, a message. The latest lines, in
 * the order of time; what was logged before the logs began anew is gone.
 */
export async function readOrderLogs(folder: string, ids: readonly string[]): Promise<LogLine[]> {
  const files = SERVICES.flatMap((service) => [`${service}.log.1`, `${service}.log`])
  const found = await Promise.all(files.map((file) => linesOf(join(folder, file), ids)))
  return found.flat().sort((one, other) => one.time.getTime() - other.time.getTime())
}

async function linesOf(path: string, ids: readonly string[]): Promise<LogLine[]> {
  const found: LogLine[] = []
  try {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const logged = ids.some((id) => line.includes(id)) ? parse(line) : undefined
      if (logged) found.push(logged)
      if (found.length > LINES_MAX) found.shift()
    }
  } catch (error) {
    // A service that was never run here, or a log that never grew so far.
    if (codeOf(error) !== 'ENOENT') throw error
  }
  return found
}

function parse(line: string): LogLine | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    if (!Value.Check(entry, parsed)) return undefined
    const { time, service, level, msg = '', operation, status, attempts } = parsed
    return { time: new Date(time), service, level, msg, operation, status, attempts }
  } catch (error) {
    // A line that was cut off by a crash.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
