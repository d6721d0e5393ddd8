import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse, stringify } from 'yaml'
import { dashboards } from './dashboards.ts'
import { asGrafana } from './panels.ts'

const GENERATED = '# Generated from alerts.yaml by ./bazaar bun k8s/observability/dashboards/main.ts\n'

/** What is made from code and from the alerts, by the name of its file beside `alerts.yaml`. */
export function writtenFiles(): Map<string, string> {
  const alerts = readFileSync(fileURLToPath(new URL('../alerts.yaml', import.meta.url)), 'utf8')
  const rule = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'bazaar', namespace: 'bazaar', labels: { 'app.kubernetes.io/part-of': 'bazaar' } },
    spec: parse(alerts),
  }
  return new Map([
    ['prometheus-rule.yaml', GENERATED + stringify(rule, { lineWidth: 0 })],
    ...dashboards.map((dashboard): [string, string] => [
      `grafana/${dashboard.uid}.json`,
      `${JSON.stringify(asGrafana(dashboard), null, 2)}\n`,
    ]),
  ])
}
