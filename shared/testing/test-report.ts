import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'

/**
 * The results of `bun test`: the number of passed and skipped tests, and the failed ones with the names of their
 * groups.
 */
export type TestReport = {
  passed: number
  skipped: number
  failures: { name: string; reason: string }[]
}

/**
 * Runs `bun test` by a function that adds the given arguments, and reads its JUnit report. No report means that it
 * ended before it could write one. A file that cannot be loaded shows only in the exit status.
 */
export async function withTestReport<Result>(
  run: (reporting: readonly string[]) => Promise<Result>,
): Promise<{ result: Result; report: TestReport | undefined }> {
  const folder = await mkdtemp(join(tmpdir(), 'bazaar-report-'))
  const file = join(folder, 'junit.xml')
  try {
    const result = await run(['--reporter=junit', `--reporter-outfile=${file}`])
    return { result, report: existsSync(file) ? readReport(await readFile(file, 'utf8')) : undefined }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Reads a JUnit report that Bun wrote.
 * @throws {Error} when it is not complete XML.
 */
export function readReport(xml: string): TestReport {
  const report: TestReport = { passed: 0, skipped: 0, failures: [] }
  const groups: string[] = []
  let name = ''
  let outcome: 'passed' | 'skipped' | 'failed' = 'passed'
  let reason = ''

  const parser = new SaxesParser()
  parser.on('opentag', ({ name: tag, attributes }) => {
    const attribute = (of: string) => attributes[of] ?? ''
    if (tag === 'testsuite') groups.push(attribute('name'))
    if (tag === 'testcase') {
      // The outermost group is the file.
      name = [...groups.slice(1), attribute('name')].join(' > ')
      outcome = 'passed'
      reason = ''
    }
    if (tag === 'skipped') outcome = 'skipped'
    if (tag === 'failure' || tag === 'error') {
      outcome = 'failed'
      reason = attribute('message')
    }
  })
  parser.on('text', (text) => {
    // The text of a failure is its message and its place.
    if (outcome === 'failed' && text.trim() !== '') reason = text.trim()
  })
  parser.on('closetag', ({ name: tag }) => {
    if (tag === 'testsuite') groups.pop()
    if (tag !== 'testcase') return
    if (outcome === 'failed') report.failures.push({ name, reason })
    else report[outcome] += 1
    outcome = 'passed'
  })
  parser.on('error', (error) => {
    throw error
  })
  parser.write(xml).close()
  return report
}
