import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * What the documents say that can be compared: the places that they lead to, the commands that they tell people to
 * type, and the packages that ARCHITECTURE.md gives reasons for.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const documents = listFiles('.md').map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
const manifests = listFiles('package.json').map((path) => manifestOf(path))
const scripts = new Set(manifests.flatMap((manifest) => Object.keys(manifest.scripts)))

const TABLE_WIDTH_MAX = 130

type Manifest = { scripts: Record<string, string>; packages: [string, string][] }

describe.each(documents)('$path', ({ path, text }) => {
  test('leads nowhere that is not there', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    expect(links.filter((link) => !/^https?:/.test(link) && !leadsSomewhere(path, link))).toEqual([])
  })

  test('has no table that is wider than a screen', () => {
    // Below tests/ are records of runs and a matrix that is read beside them.
    if (path.startsWith('tests/')) return
    const rows = text.split('\n').filter((line) => line.startsWith('|'))
    expect(rows.filter((row) => row.length > TABLE_WIDTH_MAX)).toEqual([])
  })

  test('names commands that exist', () => {
    const named = [...text.matchAll(/(?:bun|\.\/bazaar) run (?:--filter \S+ )?([a-z][a-z0-9:-]*)/g)].map(
      ([, name = '']) => name,
    )
    expect(named.filter((name) => !scripts.has(name))).toEqual([])
    const bare = text.match(/(?<![\w./-])bun run [a-z]/g) ?? []
    // After a start on a bare machine only ./bazaar knows where Bun is. A record of a run keeps the words of its time.
    if (!path.endsWith('RESULTS.md')) expect(bare).toEqual([])
    const help = readFileSync(join(ROOT, 'bazaar'), 'utf8')
    const bazaar = [...text.matchAll(/\.\/bazaar ([a-z]+)/g)].map(([, name = '']) => name)
    expect(bazaar.filter((name) => !help.includes(`./bazaar ${name}`))).toEqual([])
  })
})

describe('the packages', () => {
  const packages = manifests
    .flatMap((manifest) => manifest.packages)
    .filter(([, version]) => !version.startsWith('workspace:'))

  test('are pinned exactly', () => {
    expect(packages.length).toBeGreaterThan(0)
    expect(packages.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })

  test('have a reason each in ARCHITECTURE.md, and nothing else has', () => {
    const table = documents
      .find(({ path }) => path === 'ARCHITECTURE.md')
      ?.text.split('## Dependencies and why')[1]
    const rows = (table ?? '').split('\n').filter((line) => /^\| [@a-z]/.test(line))
    const reasoned = rows
      .slice(1)
      .flatMap((row) => (row.split('|')[1] ?? '').split(',').map((one) => one.trim()))
    expect(reasoned.sort()).toEqual([...new Set(packages.map(([name]) => name))].sort())
  })
})

/** The files whose names end so, without what others put here. */
function listFiles(ending: string, folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return /^(\.|node_modules$)/.test(entry.name) ? [] : listFiles(ending, path)
    return entry.name.endsWith(ending) ? [path] : []
  })
}

function manifestOf(path: string): Manifest {
  const {
    scripts = {},
    dependencies = {},
    devDependencies = {},
  } = JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
  return {
    scripts,
    packages: [...Object.entries<string>(dependencies), ...Object.entries<string>(devDependencies)],
  }
}

/** Whether there is such a file, and such a heading in it. */
function leadsSomewhere(from: string, link: string): boolean {
  const [place = '', heading] = link.split('#')
  const target = join(ROOT, place === '' ? from : join(dirname(from), place))
  if (!existsSync(target)) return false
  if (heading === undefined) return true
  const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, words = '']) =>
    words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
  return headings.includes(heading)
}
