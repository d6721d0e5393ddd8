import { afterAll, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sessionName } from '../workload/actor.ts'
import type { Entry } from './history.ts'
import { searchLogs } from './logs.ts'

const folder = await mkdtemp(join(tmpdir(), 'bazaar-logs-'))
afterAll(() => rm(folder, { recursive: true }))

const token = 'Zm9yIGV4YW1wbGUgb25seSwgbm90IGEgcmVhbCBrZXk'
const logIn: Entry = {
  process: 'client-1',
  f: 'log-in',
  key: 'log-in-1',
  type: 'ok',
  value: { session: sessionName(token) },
  tMs: 1,
}

/** What is found in a log of one line. */
async function found(line: string): Promise<string[]> {
  const file = join(folder, 'service.log')
  await writeFile(file, `{"msg":"started"}\n${line}\n`)
  const findings = await searchLogs([file], [logIn])
  expect(findings.every((finding) => finding.line === 2)).toBe(true)
  return findings.map(({ what }) => what)
}

test('searchLogs() finds every kind of secret and of trouble', async () => {
  const lines: [string, string][] = [
    ['"login with pw-canary-12ab failed"', 'secret: a password'],
    [`bzk_dev_${'0'.repeat(16)}_${'a'.repeat(43)}`, 'secret: an API key'],
    [`$2b$10$${'a'.repeat(53)}`, 'secret: a hash of a password'],
    ['paying with tok_visa_4242', 'secret: a token of a card'],
    ['cannot reach mysql://order:geheim@127.0.0.1/x', 'secret: credentials in a URL'],
    [`SESSION: ${token}`, 'secret: the key to a session'],
    ['{"level":"fatal","msg":"Unhandled promise rejection"}', 'unhandled rejection'],
    ['Uncaught Error: Unexpected close', 'uncaught exception'],
    ['MaxListenersExceededWarning: possible leak', 'too many listeners'],
    ['{"msg":"an invariant was about to be broken"}', 'an invariant was violated'],
  ]
  for (const [line, what] of lines) expect(await found(line)).toContain(what)
})

test('searchLogs() is content with what may be in a log', async () => {
  const other = 'A'.repeat(43)
  expect(await found(`{"url":"mysql://127.0.0.1/order","trace":"${other}","userId":"019cd1f0"}`)).toEqual([])
})
