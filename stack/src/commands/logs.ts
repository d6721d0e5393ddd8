import { open, readFile } from 'node:fs/promises'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { defaultStackName, stackPaths } from '../paths.ts'
import { STORE_PROCESSES } from '../processes/fleet.ts'
import { logPath } from '../processes/guarded-process.ts'
import { SERVICES } from '../servers/databases.ts'
import { SHOP } from '../services/shop.ts'
import { codeOf, StackError } from '../stack-error.ts'

const LAST_LINES = 200
const POLL_MS = 250
const PROGRAMS: readonly string[] = [...SERVICES, SHOP]
const NAMES: readonly string[] = [...PROGRAMS, ...STORE_PROCESSES]

/** A line as the services log it. */
const logEntry = Type.Object({
  time: Type.String(),
  level: Type.String(),
  service: Type.String(),
  msg: Type.Optional(Type.String()),
})

/** `./bazaar logs [service]`: the latest log lines and, on a terminal, new ones as they are written. */
export async function logs(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      follow: { type: 'boolean', short: 'f', default: process.stdout.isTTY },
      lines: { type: 'string', short: 'n', default: String(LAST_LINES) },
    },
  })
  const unknown = positionals.find((name) => !NAMES.includes(name))
  if (unknown !== undefined) throw new StackError(`There is no "${unknown}"; there are ${NAMES.join(', ')}.`)
  const names = positionals.length > 0 ? positionals : PROGRAMS
  const paths = stackPaths(defaultStackName())
  const files = await Promise.all(
    names.map(async (name) => ({
      name,
      path: logPath(paths, name),
      ...(await lastLines(paths, name, Number(values.lines))),
    })),
  )
  const recent = files.flatMap(({ name, lines }) => lines.map((line) => ({ name, line })))
  // Only the services' lines begin with a time; the lines of one file keep their order in any case.
  if (files.length > 1) recent.sort((one, other) => timeOf(one.line).localeCompare(timeOf(other.line)))
  for (const { line } of recent) console.log(prettyLine(line))
  if (values.follow) await Promise.all(files.map(({ path, size }) => follow(path, size)))
  return 0
}

/** A line of JSON in readable form; any other line unchanged. */
export function prettyLine(line: string): string {
  const entry = parseEntry(line)
  if (!entry) return line
  const { time, level, service, msg = '', ...rest } = entry
  const details = Object.entries(rest).map(([key, value]) => `${key}=${shown(value)}`)
  const clock = time.slice(11, 23)
  return `${clock} ${level.toUpperCase().padEnd(5)} ${service.padEnd(9)} ${[msg, ...details].filter(Boolean).join('  ')}`
}

function parseEntry(line: string) {
  if (!line.startsWith('{')) return undefined
  try {
    const entry: unknown = JSON.parse(line)
    return Value.Check(logEntry, entry) ? entry : undefined
  } catch (error) {
    // A line that was cut off by a crash is shown unchanged.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function timeOf(line: string): string {
  return parseEntry(line)?.time ?? ''
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

async function lastLines(paths: ReturnType<typeof stackPaths>, name: string, count: number) {
  try {
    const text = await readFile(logPath(paths, name), 'utf8')
    return { lines: text.split('\n').slice(0, -1).slice(-count), size: Buffer.byteLength(text) }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { lines: [], size: 0 }
    throw error
  }
}

/** Shows new lines until the process is ended; starts over when the file does. */
async function follow(path: string, from: number): Promise<never> {
  let position = from
  let unfinished = ''
  for (;;) {
    await delay(POLL_MS)
    const chunk = await readFrom(path, position)
    if (chunk === undefined) {
      position = 0
      continue
    }
    position += chunk.byteLength
    const lines = (unfinished + chunk.toString('utf8')).split('\n')
    unfinished = lines.pop() ?? ''
    for (const line of lines) console.log(prettyLine(line))
  }
}

/** The content of the file from that offset on, or undefined when the file is gone or shorter. */
async function readFrom(path: string, position: number): Promise<Buffer | undefined> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (size < position) return undefined
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(size - position),
        0,
        size - position,
        position,
      )
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
