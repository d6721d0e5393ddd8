import { expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { findPromtool } from '@bazaar/stack/suites/promtool-program'

/* What Prometheus' own tool says of the alerts and of the metrics of running services. */

const FOLDER = fileURLToPath(new URL('..', import.meta.url))
const promtool = await findPromtool()

function run(args: string[], options: { cwd?: string; input?: string } = {}) {
  const { status, stdout, stderr } = spawnSync(promtool, args, { encoding: 'utf8', cwd: FOLDER, ...options })
  return { status, said: stdout + stderr }
}

test('every alert is raised by the series that must raise it, and by no other', () => {
  expect(run(['test', 'rules', 'alerts.test.yaml'])).toMatchObject({ status: 0 })
})

test('the rules are ones that Prometheus loads', () => {
  expect(run(['check', 'rules', 'alerts.yaml'])).toMatchObject({ status: 0 })
})

test('compose gives Prometheus settings that it takes, with these rules', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'prometheus-'))
  try {
    for (const file of ['alerts.yaml', '../../docker/compose/prometheus.yaml'])
      await copyFile(join(FOLDER, file), join(cwd, basename(file)))
    const { status, said } = run(['check', 'config', 'prometheus.yaml'], { cwd })
    expect(said).toContain('SUCCESS: 1 rule files found')
    expect(status).toBe(0)
  } finally {
    await rm(cwd, { recursive: true })
  }
})

test('an alert that comes too late is noticed', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'alerts-'))
  try {
    const rules = await readFile(join(FOLDER, 'alerts.yaml'), 'utf8')
    await writeFile(join(cwd, 'alerts.yaml'), rules.replaceAll('for: 1m', 'for: 1h'))
    await writeFile(join(cwd, 'alerts.test.yaml'), await readFile(join(FOLDER, 'alerts.test.yaml')))
    const { status, said } = run(['test', 'rules', 'alerts.test.yaml'], { cwd })
    expect(status).not.toBe(0)
    expect(said).toContain('OrdersNotCompleted')
  } finally {
    await rm(cwd, { recursive: true })
  }
})

test.each(['IAM', 'USER', 'INVENTORY', 'ORDER'])(
  'the metrics of %s are named as they should be',
  async (name) => {
    const url = process.env[`BAZAAR_${name}_URL`]
    if (!url) throw new Error('This asks running services: ./bazaar test alerts does all that')
    const input = await (await fetch(`${url}/metrics`)).text()
    expect(input).toMatch(/^service_ready\{.*\} 1$/m)
    expect(run(['check', 'metrics'], { input })).toEqual({ status: 0, said: '' })
  },
)
