import { expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { readReport, withTestReport } from './test-report.ts'

/** Runs `bun test` on a file with that text, and answers its status and its report. */
async function runTests(text: string, ...options: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-tests-'))
  const file = join(folder, 'some.test.ts')
  await writeFile(file, `import { describe, expect, test } from 'bun:test'\n${text}`)
  try {
    return await withTestReport(async (reporting) => {
      const child = spawn(process.execPath, ['test', file, ...options, ...reporting], { stdio: 'ignore' })
      const [status] = await once(child, 'close')
      return status
    })
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('withTestReport() tells which tests passed, failed and were skipped, and why', async () => {
  const { result, report } = await runTests(`
    describe('cancel() <a & b>', () => {
      test('refuses "x"', () => expect({ a: 1 }).toEqual({ a: 2 }))
      test('hangs', () => new Promise(() => undefined), 1)
      test('is good', () => undefined)
    })
    test.skip('later', () => undefined)
    test.todo('some day')
    test('throws', () => { throw new Error('<broken> & \\u001b[31mred') })`)
  expect(result).toBe(1)
  expect(report).toMatchObject({
    passed: 1,
    skipped: 2,
    failures: [
      { name: 'cancel() <a & b> > refuses "x"', reason: expect.stringContaining('+   "a": 1') },
      { name: 'cancel() <a & b> > hangs', reason: 'test timed out' },
      { name: 'throws', reason: expect.stringContaining('<broken> & ') },
    ],
  })
})

test('withTestReport() has no failure of a file that cannot be loaded, which has a status all the same', async () => {
  const { result, report } = await runTests("throw new Error('cannot load')")
  expect(result).toBe(1)
  expect(report ?? { passed: 0, failures: [] }).toMatchObject({ passed: 0, failures: [] })
})

test('withTestReport() has none of tests that end their process', async () => {
  const { result, report } = await runTests("test('ends all', () => process.kill(process.pid, 'SIGKILL'))")
  expect([result, report]).toEqual([null, undefined])
})

test('readReport() refuses one that breaks off', () => {
  expect(() => readReport('<testsuites><testsuite name="a"><testcase')).toThrow()
})
