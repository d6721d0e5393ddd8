import { expect, test } from 'bun:test'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryFolder } from '../paths.ts'
import { commandNames } from './commands.ts'

const script = join(repositoryFolder, 'bazaar')

test('./bazaar without a command shows every command', () => {
  const help = execFileSync(script, { encoding: 'utf8' })
  for (const name of commandNames) expect(help).toContain(`./bazaar ${name} `)
})

test('./bazaar answers an unknown command with status 2 and the list', () => {
  const { status, stderr } = spawnSync(script, ['fly'], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain('There is no command "fly"')
  expect(stderr).toContain('./bazaar start')
})

test('./bazaar shows what a command takes when it is asked with --help', () => {
  for (const name of commandNames) {
    const { status, stdout } = spawnSync(script, [name, '--help'], { encoding: 'utf8' })
    expect([name, status, stdout.includes(`./bazaar ${name} `)]).toEqual([name, 0, true])
  }
})

test('./bazaar hands every command over', () => {
  for (const name of commandNames) {
    const { status, stderr } = spawnSync(script, [name, '--no-such-option'], { encoding: 'utf8' })
    expect([name, status, stderr.includes('no command')]).toEqual([name, 2, false])
  }
})

test('./bazaar run and ./bazaar bun use the Bun of this project, wherever they are typed', () => {
  const { bun } = JSON.parse(readFileSync(join(repositoryFolder, 'package.json'), 'utf8')).engines
  const version = spawnSync(script, ['bun', '--version'], { encoding: 'utf8', cwd: tmpdir() })
  expect([version.status, version.stdout.trim()]).toEqual([0, bun])
  const scripts = spawnSync(script, ['run'], { encoding: 'utf8', cwd: tmpdir() })
  expect(scripts.stdout + scripts.stderr).toContain('can-i-deploy')
  expect(spawnSync(script, ['run', 'no-such-script'], { encoding: 'utf8', cwd: tmpdir() }).status).not.toBe(0)
})
