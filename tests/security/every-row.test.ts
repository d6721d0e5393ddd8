import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/*
 * The rows of the list of security tests. Each is the name of a test, or SECURITY.md has the reason why it is none.
 */

const ROWS = [...range(1, 11), ...range(20, 27), ...range(30, 34), ...range(40, 44), ...range(50, 64)]

const root = fileURLToPath(new URL('../..', import.meta.url))
const named = new Set(
  ['services', 'shared', 'stack', 'tests'].flatMap((folder) => rowsNamedIn(`${root}${folder}`)),
)
const reasons = existsSync(`${root}SECURITY.md`) ? readFileSync(`${root}SECURITY.md`, 'utf8') : ''

test.each(ROWS)('%s is a test, or has its reason in SECURITY.md', (row) => {
  expect(named.has(row) || new RegExp(`\\b${row}\\b`).test(reasons)).toBe(true)
})

/** The rows in the names of tests and of their groups. */
function rowsNamedIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : rowsNamedIn(path)
    if (!entry.name.endsWith('.test.ts')) return []
    const names = readFileSync(path, 'utf8').matchAll(
      /(?:\b(?:test|describe)(?:\.each)?\([^'"`]*|\]\)\(\s*)['"`]([^'"`]*)/g,
    )
    return [...names].flatMap(([, name = '']) => name.match(/\bS\d\d\b/g) ?? [])
  })
}

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `S${String(from + index).padStart(2, '0')}`)
}
