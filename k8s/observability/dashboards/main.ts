import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { writtenFiles } from './written.ts'

/* Writes the dashboards as Grafana loads them, and the alerts as the operator of Prometheus takes them. */

for (const [name, text] of writtenFiles()) {
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url))
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  process.stdout.write(`k8s/observability/${name}\n`)
}
