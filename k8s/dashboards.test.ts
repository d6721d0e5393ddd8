import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor'
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule'
import { parse } from 'yaml'
import { renderFolder } from './check/cluster.ts'
import { dashboards } from './observability/dashboards/dashboards.ts'
import { writtenFiles } from './observability/dashboards/written.ts'

/* That the dashboards are written as they are built, and that what a cluster takes is whole. */

const FOLDER = fileURLToPath(new URL('observability', import.meta.url))
const rendered = renderFolder(FOLDER)
const ofKind = (kind: string) => rendered.find((manifest) => manifest.kind === kind)

test.each([...writtenFiles()])('%s is written as it is built', (name, text) => {
  expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(text)
})

describe.each([...dashboards])('the dashboard $title', ({ now, overTime }) => {
  const panels = [...now, ...overTime]

  test('says of each panel what is well, and names only alerts that there are', () => {
    const alerts = parse(readFileSync(join(FOLDER, 'alerts.yaml'), 'utf8')).groups.flatMap(
      ({ rules }: { rules: { alert?: string }[] }) => rules.map(({ alert }) => alert),
    )
    for (const { about } of panels) {
      expect(about).toMatch(/[.]$/)
      const named = about.match(/\b[A-Z][a-z]+[A-Z][A-Za-z]+\b/g) ?? []
      expect(named.filter((name) => !alerts.includes(name))).toEqual([])
    }
  })

  test('has panels of different titles that fill the width', () => {
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length)
    expect(24 % now.length).toBe(0)
  })
})

describe('what a cluster takes', () => {
  test('has every dashboard in the map that Grafana looks for', () => {
    const map: { metadata?: { labels?: object }; data?: object } = Object(ofKind('ConfigMap'))
    expect(map.metadata?.labels).toEqual({ grafana_dashboard: '1' })
    expect(Object.keys(map.data ?? {}).sort()).toEqual(dashboards.map(({ uid }) => `${uid}.json`).sort())
  })

  test.each([PodMonitor, PrometheusRule])('has valid fields: %p', (kind) => {
    const manifest = Object(ofKind(kind.name))
    expect(() => new kind(manifest).validate()).not.toThrow()
    expect(() => new kind({ ...manifest, spec: { groups: 1, selector: 1 } }).validate()).toThrow()
  })

  test('scrapes every program by its port and path, with a token that the secrets have', () => {
    const [endpoint] = Object(ofKind('PodMonitor')).spec.podMetricsEndpoints
    expect(endpoint).toMatchObject({ port: 'http', path: '/metrics', honorLabels: true })
    expect(endpoint.authorization.credentials).toEqual({ name: 'order-secrets', key: 'METRICS_TOKEN' })
  })
})
