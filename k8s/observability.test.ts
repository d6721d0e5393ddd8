import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PENDING_SECONDS_MAX, UNSENT_SECONDS_MAX } from '@bazaar/shared/telemetry/waits'
import { parse } from 'yaml'

/* That the alerts, their proofs, their runbooks and the metrics that they look at belong together. */

type Rule = {
  alert?: string
  record?: string
  expr: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}
type Proof = { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const groups: { rules: Rule[] }[] = parse(read('k8s/observability/alerts.yaml')).groups
const all = groups.flatMap(({ rules }) => rules)
const alerts = all.flatMap((rule) => (rule.alert ? [{ ...rule, alert: rule.alert }] : []))
const proofs: Proof[] = parse(read('k8s/observability/alerts.test.yaml')).tests
const runbooks = read('docs/alerts.md')
/** Of the functions and labels of the expressions only metrics have such ends. */
const METRIC = /\b[a-z_]+_(?:total|seconds|ready|waiting|count|bucket|unsent|pending)\b/g

test('there are some alerts, with a name each', () => {
  expect(alerts.length).toBeGreaterThanOrEqual(12)
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length)
})

describe.each(alerts)('alert $alert', ({ alert, expr, labels, annotations }) => {
  test('says how urgent it is and what happened, and leads to what to do', () => {
    expect(labels?.['severity']).toMatch(/^(page|ticket)$/)
    expect(annotations?.['summary']).toMatch(/\.$/)
    expect(annotations?.['runbook']).toBe(`docs/alerts.md#${alert.toLowerCase()}`)
    const section = runbooks.split(/^## /m).find((one) => one.startsWith(`${alert}\n`)) ?? ''
    expect(section).toContain('./bazaar ')
  })

  test('is proven by series that raise it and by others that do not', () => {
    const mine = proofs.flatMap((proof) => proof.alert_rule_test).filter((one) => one.alertname === alert)
    expect(mine.map((one) => one.exp_alerts.length > 0).sort()).toEqual([false, true])
  })

  test('looks at metrics that there are', () => {
    const named = (expr.match(METRIC) ?? []).map((name) => name.replace(/_(count|bucket)$/, ''))
    expect(named.filter((name) => !sources.includes(`'${name}'`))).toEqual([])
    expect(named.length > 0 || /\b(up|service:)/.test(expr)).toBe(true)
  })
})

test.each([
  ['OrdersNotCompleted', PENDING_SECONDS_MAX],
  ['MessagesUnsent', UNSENT_SECONDS_MAX],
])('alert %s waits as long as the services and ./bazaar status do', (name, secondsMax) => {
  const { expr } = alerts.find(({ alert }) => alert === name) ?? {}
  expect(expr).toEndWith(` > ${secondsMax}`)
})

test('every section of the runbooks is of an alert', () => {
  const sections = [...runbooks.matchAll(/^## (\w+)$/gm)].map(([, name]) => name)
  expect(sections.sort()).toEqual(alerts.map(({ alert }) => alert).sort())
})

/** The code of what the services have in common and of their own. */
function sourcesBelow(folder: string): string {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .map((file) => read(join(folder, file)))
    .join('\n')
}

const sources = [
  'shared/telemetry',
  'shared/messaging',
  'services/order/src',
  'services/inventory/src',
  'services/iam/src',
]
  .map(sourcesBelow)
  .join('\n')
