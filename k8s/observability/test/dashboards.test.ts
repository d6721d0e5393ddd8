import { beforeAll, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { findPromtool } from '@bazaar/stack/suites/promtool-program'
import { stringify } from 'yaml'
import { dashboards } from '../dashboards/dashboards.ts'

/* That Prometheus understands what the dashboards ask, and that running services have what they ask for. */

const promtool = await findPromtool()
const expressions = dashboards.flatMap(({ now, overTime }) =>
  [...now, ...overTime].flatMap(({ title, lines }) => lines.map(({ expr }) => ({ title, expr }))),
)
/** Grafana puts a value for each of its variables. */
const filledIn = (expr: string) => expr.replaceAll('$__rate_interval', '1m').replaceAll('$service', 'order')
/** Every word before a selector, or before what ends an operand; functions and labels are none of these. */
const METRIC = /\b[a-z]+(?:_[a-z0-9]+)+\b(?!\s*\()/g

let exposed: Set<string>

beforeAll(async () => {
  const texts = await Promise.all(
    ['IAM', 'USER', 'INVENTORY', 'ORDER'].map(async (name) => {
      const url = process.env[`BAZAAR_${name}_URL`]
      if (!url) throw new Error('This asks running services: ./bazaar test alerts does all that')
      return (await fetch(`${url}/metrics`)).text()
    }),
  )
  exposed = new Set(
    texts.flatMap((text) =>
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_count`] : [name],
      ),
    ),
  )
})

async function checked(expr: string): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), 'dashboards-'))
  try {
    const rules = [{ record: 'asked', expr: filledIn(expr) }]
    await writeFile(join(cwd, 'rules.yaml'), stringify({ groups: [{ name: 'dashboards', rules }] }))
    const { status, stdout, stderr } = spawnSync(promtool, ['check', 'rules', 'rules.yaml'], {
      encoding: 'utf8',
      cwd,
    })
    return status === 0 ? 'understood' : stdout + stderr
  } finally {
    await rm(cwd, { recursive: true })
  }
}

test.each(expressions)('$title: Prometheus understands $expr', async ({ expr }) => {
  expect(await checked(expr)).toBe('understood')
})

test.each(expressions)('$title: the services have the metrics of $expr', ({ expr }) => {
  const named =
    filledIn(expr)
      .replaceAll(/by \([^)]*\)/g, '')
      .match(METRIC) ?? []
  expect(named.length).toBeGreaterThan(0)
  expect(named.filter((name) => !exposed.has(name))).toEqual([])
})

test('an expression that is none is noticed, and so is a metric that nobody has', async () => {
  expect(await checked('sum(rate(orders_placed_total[5m])')).not.toBe('understood')
  expect(exposed.has('orders_placed_totals')).toBe(false)
})
