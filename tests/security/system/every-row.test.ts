import { expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/*
 * The rows of the list of security tests. Each is in the name of a test, and in SECURITY.md as a promise or, where
 * what is done is less, as a known choice.
 */

const ROWS = [...range(1, 11), ...range(20, 27), ...range(30, 34), ...range(40, 44), ...range(50, 64)]

const root = fileURLToPath(new URL('../../..', import.meta.url))
const named = new Set(
  ['services', 'shared', 'stack', 'tests'].flatMap((folder) => rowsNamedIn(`${root}${folder}`)),
)
const guide = readFileSync(`${root}SECURITY.md`, 'utf8')
const chosen: string[] =
  guide
    .split(/^## /m)
    .find((part) => part.startsWith('Known choices'))
    ?.match(/\bS\d\d\b/g) ?? []
const promises = guide.split(/^## /m).find((part) => part.startsWith('What is promised')) ?? ''
const promised = [...promises.matchAll(/\((S\d\d[^)]*)\)/g)].flatMap(([, rows = '']) => promisesIn(rows))

test.each(ROWS)('%s is a test, and SECURITY.md says what it is about', (row) => {
  expect(named.has(row)).toBe(true)
  expect(promised.includes(row) || chosen.includes(row)).toBe(true)
})

/** The rows in the brackets behind a promise: `S01–S04, S09`. */
function promisesIn(rows: string): string[] {
  return rows.split(',').flatMap((part) => {
    const [from = '', to = from] = part.match(/\d\d/g) ?? []
    return from === '' ? [] : range(Number(from), Number(to))
  })
}

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
