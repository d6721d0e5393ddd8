import { expect, test } from 'bun:test'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { repositoryFolder } from '../paths.ts'
import { commandNames } from './commands.ts'

const script = join(repositoryFolder, 'bazaar')
/** For some twenty programs, one after the other, on a machine that has very much else to do. */
const TIMEOUT_MS = 600_000
/** What a repository has for itself, beside what all may share. */
const OWN = ['.bazaar', '.git', 'bazaar', 'package.json']

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

test(
  './bazaar shows what a command takes when it is asked with --help',
  () => {
    for (const name of commandNames) {
      const { status, stdout } = spawnSync(script, [name, '--help'], { encoding: 'utf8' })
      expect([name, status, stdout.includes(`./bazaar ${name} `)]).toEqual([name, 0, true])
    }
  },
  TIMEOUT_MS,
)

test(
  './bazaar hands every command over',
  () => {
    for (const name of commandNames) {
      const { status, stderr } = spawnSync(script, [name, '--no-such-option'], { encoding: 'utf8' })
      expect([name, status, stderr.includes('no command')]).toEqual([name, 2, false])
    }
  },
  TIMEOUT_MS,
)

test('./bazaar run and ./bazaar bun use the Bun of this project, wherever they are typed', () => {
  const { bun } = JSON.parse(readFileSync(join(repositoryFolder, 'package.json'), 'utf8')).engines
  const version = spawnSync(script, ['bun', '--version'], { encoding: 'utf8', cwd: tmpdir() })
  expect([version.status, version.stdout.trim()]).toEqual([0, bun])
  const scripts = spawnSync(script, ['run'], { encoding: 'utf8', cwd: tmpdir() })
  expect(scripts.stdout + scripts.stderr).toContain('can-i-deploy')
  expect(spawnSync(script, ['run', 'no-such-script'], { encoding: 'utf8', cwd: tmpdir() }).status).not.toBe(0)
})

test(
  './bazaar, and the scripts that it runs, need no Bun in PATH',
  () => {
    // In a repository that has its Bun where ./bazaar puts it.
    spawnSync(script, ['bun', '--version'])
    const root = mkdtempSync(join(tmpdir(), 'bazaar-without-bun-'))
    try {
      for (const name of readdirSync(repositoryFolder).filter((name) => !OWN.includes(name)))
        symlinkSync(join(repositoryFolder, name), join(root, name))
      copyFileSync(script, join(root, 'bazaar'))
      const manifest = JSON.parse(readFileSync(join(repositoryFolder, 'package.json'), 'utf8'))
      const scripts = {
        ...manifest.scripts,
        which: 'bun --version && bun run which:again',
        'which:again': 'bun --version',
      }
      writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, scripts }))
      mkdirSync(join(root, '.bazaar/bun/bin'), { recursive: true })
      symlinkSync(process.execPath, join(root, '.bazaar/bun/bin/bun'))

      const ask = (...args: string[]) =>
        spawnSync(join(root, 'bazaar'), args, {
          encoding: 'utf8',
          env: { PATH: '/usr/bin:/bin', HOME: root },
        })
      const { bun } = manifest.engines
      expect(ask('bun', '--version').stdout).toBe(`${bun}\n`)
      expect(ask('run', 'which').stdout).toBe(`${bun}\n${bun}\n`)
      expect(ask('logs', 'nothing').stderr).toContain('nothing')
    } finally {
      rmSync(root, { recursive: true })
    }
  },
  TIMEOUT_MS,
)
