import { afterEach, beforeEach, expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@bazaar/shared/testing/until'
import { rotateLogs } from './log-rotation.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bazaar logs '))
})
afterEach(() => rm(folder, { recursive: true }))

test('rotateLogs() puts a log aside that has grown too large, while its process goes on writing to it', async () => {
  const path = join(folder, 'order.log')
  const log = await open(path, 'a')
  const writer = spawn('sh', ['-c', 'while read -r line; do echo "$line"; done'], {
    stdio: ['pipe', log.fd, 'ignore'],
  })
  await log.close()
  writer.stdin?.write('a line of before\n')
  await until('the line is there', async () => (await readFile(path, 'utf8')) !== '')
  await rotateLogs(folder, 10)
  expect(await readFile(`${path}.1`, 'utf8')).toBe('a line of before\n')
  writer.stdin?.end('and one of after\n')
  await once(writer, 'close')
  expect(await readFile(path, 'utf8')).toBe('and one of after\n')
})

test('rotateLogs() keeps one earlier log of each process, and leaves what is small as it is', async () => {
  await writeFile(join(folder, 'small.log'), 'few')
  for (const text of ['the first of many', 'the second of many']) {
    await writeFile(join(folder, 'large.log'), text)
    await rotateLogs(folder, 10)
  }
  expect((await readdir(folder)).sort()).toEqual(['large.log', 'large.log.1', 'small.log'])
  expect(await readFile(join(folder, 'large.log.1'), 'utf8')).toBe('the second of many')
  expect(await readFile(join(folder, 'small.log'), 'utf8')).toBe('few')
})
