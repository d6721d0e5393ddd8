import { expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

test('what the client was generated from is what shared/api says now', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['client/build/generate.ts', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(`${stdout}${stderr}`).toBe('')
})

test('the committed documents are what the services serve now', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['contracts/main.ts', 'documents'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(`${stdout}${stderr}`).toBe('✓ The committed documents are those served\n')
})
