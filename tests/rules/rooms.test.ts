import { expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * The rooms of shared/ lie above one another, and a file imports from its own room or from those below it. Which files
 * of a room the services may open is said by `exports` in shared/package.json.
 */

const SHARED = fileURLToPath(new URL('../../shared', import.meta.url))

/** From the ground up. What has the same height does not know of each other. */
const HEIGHTS: Record<string, number> = {
  'problem.ts': 0,
  'reply.ts': 0,
  api: 1,
  telemetry: 2,
  process: 3,
  clients: 4,
  database: 4,
  letters: 5,
  messaging: 5,
  auth: 6,
  http: 7,
  'migrate.ts': 7,
  testing: 8,
}

/** Tests may look into every room. */
const TESTS = 9

const IMPORT = /(?:from|import|import\()\s*'(\.[^']+)'/g

/** The imports of a file that lead upwards, or to where there is no room. */
function breaches(file: string, code: string): string[] {
  const room = roomOf(file)
  const height = isTest(file) ? TESTS : heightOf(room)
  return [...code.matchAll(IMPORT)].flatMap(([, source = '']) => {
    const target = relative(SHARED, resolve(SHARED, dirname(file), source))
    const goesDown = roomOf(target) === room || heightOf(roomOf(target)) < height
    return goesDown ? [] : [`${file} imports ${target}`]
  })
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? ''
}

function heightOf(room: string): number {
  return HEIGHTS[room] ?? Number.POSITIVE_INFINITY
}

function isTest(file: string): boolean {
  return file.startsWith('test/') || file.endsWith('.test.ts')
}

function sources(): string[] {
  return readdirSync(SHARED, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !file.includes('node_modules'),
  )
}

test('every file of shared/ lies in a room', () => {
  const outside = sources().filter((file) => !isTest(file) && HEIGHTS[roomOf(file)] === undefined)
  expect(outside).toEqual([])
})

test('the rooms of shared/ import downwards only', () => {
  const found = sources().flatMap((file) => breaches(file, readFileSync(join(SHARED, file), 'utf8')))
  expect(found).toEqual([])
})

test.each([
  ['telemetry/planted.ts', "import { frame } from '../http/frame.ts'", 1],
  ['database/planted.ts', "import type { Frame } from '../http/frame.ts'", 1],
  ['database/planted.ts', "import { call } from '../clients/client.ts'", 1],
  ['process/planted.ts', "const page = await import('../http/docs/page.ts')", 1],
  ['http/docs/planted.ts', "import { order } from '../../../services/order/src/orders/order.ts'", 1],
  ['http/planted.ts', "import { newId } from '../database/columns.ts'", 0],
  ['http/docs/planted.ts', "import { frame } from '../frame.ts'", 0],
])('a planted import is judged: %s, %s', (file, code, count) => {
  expect(breaches(file, code)).toHaveLength(count)
})

test('the doors of shared/ are files that are there', () => {
  const { exports }: { exports: Record<string, string> } = JSON.parse(
    readFileSync(join(SHARED, 'package.json'), 'utf8'),
  )
  const files = new Set(sources().map((file) => `./${file}`))
  const missing = Object.values(exports).filter((file) => !file.includes('*') && !files.has(file))
  expect(missing).toEqual([])
})
