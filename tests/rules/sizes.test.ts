import { describe, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * What a reader can take in at once. A folder with more files than fit on a screen is searched and not read: it gets
 * rooms by subject. A file of a service is a page or two. All files that Git keeps, or would, are looked at.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const FILES_MAX = 20
/** Half of a service's files are no longer than this. */
const MEDIAN_LINES_MAX = 60
/** Nine of ten files of the services are no longer than this. */
const USUAL_LINES_MAX = 130
const LINES_MAX = 200

const SOURCE = /\.(?:[jt]sx?|css|sh|sql|grit|yaml)$/
/** Written by programs, and read by none but them. */
const GENERATED = /^services\/\w+\/migrations\//
/** The sources of a service, without the tests beside them, which are tables. */
const OF_SERVICE = /^services\/(\w+)\/src\/(?!.*\.test\.ts$).*\.ts$/

const files = filesOfProject()

describe('folders', () => {
  test(`hold at most ${FILES_MAX} source files`, () => {
    expect(files).toContain('tests/rules/sizes.test.ts')
    expect(crowded(files)).toEqual([])
  })

  test('with one file too many are noticed', () => {
    const full = Array.from({ length: FILES_MAX }, (_, index) => `shared/http/planted-${index}.ts`)
    expect(crowded([...full, 'shared/http/picture.svg', 'shared/http/docs/page.ts'])).toEqual([])
    expect(crowded([...full, 'shared/http/planted.test.ts'])).toEqual([`shared/http: ${FILES_MAX + 1}`])
  })
})

describe('the files of services', () => {
  const sizes = files.flatMap((file) => {
    const service = OF_SERVICE.exec(file)?.[1]
    return service === undefined ? [] : [{ file, service, lines: linesOf(file) }]
  })

  test.each(['iam', 'user', 'inventory', 'order'])(
    `of %s: half have at most ${MEDIAN_LINES_MAX} lines`,
    (name) => {
      const lines = sizes.filter(({ service }) => service === name).map((size) => size.lines)
      expect(shareUpTo(MEDIAN_LINES_MAX, lines)).toBeGreaterThanOrEqual(0.5)
    },
  )

  test(`nine of ten have at most ${USUAL_LINES_MAX} lines`, () => {
    expect(
      shareUpTo(
        USUAL_LINES_MAX,
        sizes.map(({ lines }) => lines),
      ),
    ).toBeGreaterThanOrEqual(0.9)
  })

  test(`none has more than ${LINES_MAX} lines`, () => {
    expect(sizes.filter(({ lines }) => lines > LINES_MAX)).toEqual([])
  })
})

test('shareUpTo() counts what is no longer than the limit', () => {
  expect(shareUpTo(60, [59, 60, 61, 200])).toBe(0.5)
})

/** The folders that hold more source files than a reader takes in at once. */
function crowded(paths: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const path of paths) {
    const isCounted = SOURCE.test(path) && !GENERATED.test(path)
    if (isCounted) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
  }
  return [...counts].flatMap(([folder, count]) => (count > FILES_MAX ? [`${folder}: ${count}`] : []))
}

function shareUpTo(limit: number, lines: readonly number[]): number {
  return lines.filter((count) => count <= limit).length / lines.length
}

function linesOf(file: string): number {
  return readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1
}

function filesOfProject(): string[] {
  const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return stdout.split('\n').filter((file) => file !== '' && existsSync(join(ROOT, file)))
}
