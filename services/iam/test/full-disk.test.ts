import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { freePort } from '@bazaar/shared/testing/service'
import { createTestDatabase, type TestDatabase } from '@bazaar/shared/testing/stores'
import { until } from '@bazaar/shared/testing/until'
import { PEPPER, TIMEOUT_MS } from './iam-service.ts'

setDefaultTimeout(TIMEOUT_MS)

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
/** A file may have 16 KB here; a write beyond that fails as on a full disk, until the file is made shorter. */
const SCRIPT = 'trap "" XFSZ; ulimit -f 32; exec "$1" "$2" >>"$3"'
const REQUESTS = 150

let stored: TestDatabase
let folder = ''
beforeAll(async () => {
  stored = await createTestDatabase('iam')
  folder = await mkdtemp(join(tmpdir(), 'bazaar-log-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await stored.drop()
})

test('a service goes on without its log while there is no room for it, counts what is missing, and says so later', async () => {
  const [port, logFile] = [await freePort(), join(folder, 'iam.log')]
  const service = spawn('sh', ['-c', SCRIPT, 'sh', process.execPath, MAIN, logFile], {
    env: {
      PATH: process.env['PATH'],
      ENVIRONMENT: 'test',
      PORT: String(port),
      DATABASE_URL: stored.url,
      PASSWORD_PEPPER: PEPPER,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  try {
    await until('iam is live', () => isLive(url))
    for (let request = 0; request < REQUESTS; request++) {
      const answer = await fetch(`${url}/api-keys`)
      expect(answer.status).toBe(401)
      await answer.body?.cancel()
    }
    expect(await readFile(logFile, 'utf8')).not.toContain('could not be written')
    const dropped = await droppedLines(url)
    expect(dropped).toBeGreaterThan(0)

    await truncate(logFile)
    await fetch(`${url}/api-keys`)
    const log = await until('the log goes on', async () => {
      const text = await readFile(logFile, 'utf8')
      return text.includes('could not be written for a while') && text
    })
    expect(log.split('\n').filter((line) => line !== '' && !isWhole(line))).toEqual([])
    expect(log).toContain(`"droppedLines":${await droppedLines(url)}`)
    expect(service.exitCode).toBeNull()
  } finally {
    service.kill('SIGTERM')
    await once(service, 'exit')
  }
  expect(service.exitCode).toBe(0)
})

async function isLive(url: string): Promise<boolean> {
  return await fetch(`${url}/health/live`).then(
    (answer) => answer.ok,
    () => false,
  )
}

async function droppedLines(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^log_lines_dropped_total\S* (\d+)$/m.exec(metrics)?.[1])
}

/** The line that was cut when there was no room any more was continued later. */
function isWhole(line: string): boolean {
  return line.endsWith('}')
}
