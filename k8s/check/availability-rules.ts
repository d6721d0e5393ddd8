import type { V1Deployment } from '@kubernetes/client-node'
import { type Cluster, selects } from './cluster.ts'
import type { Rule } from './rule.ts'

/** What has no database that would have to be brought up to date. */
const WITHOUT_DATA = ['shop']

/** What keeps a service answering while pods, nodes and releases come and go. */
export const availabilityRules: readonly Rule[] = [
  eachDeployment('two-at-least', (deployment, { autoscalers }) => {
    const name = deployment.metadata?.name
    const scaled = autoscalers.find(
      ({ spec }) => spec?.scaleTargetRef.kind === 'Deployment' && spec.scaleTargetRef.name === name,
    )
    if (scaled && deployment.spec?.replicas !== undefined)
      return ['has a number of pods beside an autoscaler']
    const least = scaled?.spec?.minReplicas ?? deployment.spec?.replicas ?? 1
    return least >= 2 ? [] : [`may have only ${least} pod`]
  }),
  eachDeployment('spread', ({ spec }) => {
    const nodes = spec?.template.spec?.topologySpreadConstraints?.find(
      ({ topologyKey }) => topologyKey === 'kubernetes.io/hostname',
    )
    if (nodes?.whenUnsatisfiable !== 'DoNotSchedule' || nodes.maxSkew !== 1)
      return ['may have all pods on one node']
    if (
      !selects(nodes.labelSelector, spec?.template.metadata?.labels) ||
      !nodes.labelSelector?.matchLabels?.['app.kubernetes.io/name']
    )
      return ['counts other pods than its own']
    return [
      ...(nodes.nodeTaintsPolicy === 'Honor' ? [] : ['cannot replace a pod while a node is drained']),
      ...(nodes.matchLabelKeys?.includes('pod-template-hash') ? [] : ['counts the pods of the last release']),
    ]
  }),
  eachDeployment('roll-out', ({ spec }) => {
    const { type, rollingUpdate } = spec?.strategy ?? {}
    return type === 'RollingUpdate' && rollingUpdate?.maxUnavailable === 0 && rollingUpdate.maxSurge !== 0
      ? []
      : ['takes a pod away before its successor works']
  }),
  eachDeployment('budget', ({ spec }, { budgets }) => {
    const mine = budgets.filter((budget) => selects(budget.spec?.selector, spec?.template.metadata?.labels))
    if (mine.length !== 1) return [`has ${mine.length} disruption budgets`]
    const [budget] = mine
    const lets = budget?.spec?.maxUnavailable === 1 || Number(budget?.spec?.minAvailable ?? 0) >= 1
    return lets && budget?.spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow'
      ? []
      : ['can lose all pods to a drain, or block it']
  }),
  eachDeployment('migration', ({ metadata, spec }, { jobs }) => {
    const name = spec?.template.metadata?.labels?.['app.kubernetes.io/name'] ?? ''
    if (WITHOUT_DATA.includes(name)) return []
    const job = jobs.find(({ spec }) => spec?.template.metadata?.labels?.['app.kubernetes.io/name'] === name)
    const container = job?.spec?.template.spec?.containers[0]
    const image = spec?.template.spec?.containers[0]?.image
    return [
      ...(container?.args?.join(' ') === `/app/shared/migrate.js ${name}`
        ? []
        : [`has no migration for ${name}`]),
      ...(container?.image === image ? [] : [`runs another image than its migration`]),
      ...(job?.spec?.activeDeadlineSeconds ? [] : ['may migrate for ever']),
    ].map((fault) => `${fault} (${metadata?.name})`)
  }),
]

function eachDeployment(name: string, check: (deployment: V1Deployment, cluster: Cluster) => string[]): Rule {
  return {
    name,
    check: (cluster) =>
      cluster.deployments.flatMap((deployment) =>
        check(deployment, cluster).map((fault) => `Deployment/${deployment.metadata?.name} ${fault}`),
      ),
  }
}
