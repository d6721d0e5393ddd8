import type {
  V1NetworkPolicy,
  V1NetworkPolicyIngressRule,
  V1NetworkPolicyPeer,
} from '@kubernetes/client-node'
import { type Cluster, selects, type Workload, workloadsOf } from './cluster.ts'
import type { Rule } from './rule.ts'

/** Who may open a connection to whom, as far as the policies say; each entry is like `user → iam`. */
export function reachablePairs(cluster: Cluster): string[] {
  const pods = workloadsOf(cluster)
  return pods.flatMap((from) =>
    pods.flatMap((to) =>
      from !== to && mayReach(cluster, from, to) ? [`${nameOf(from)} → ${nameOf(to)}`] : [],
    ),
  )
}

/** What a pod may be called by from outside of the namespace, as selectors of other namespaces and addresses. */
export function outsideCallers(cluster: Cluster, workload: Workload): string[] {
  return rulesFor(cluster, workload, 'Ingress').flatMap((rule) =>
    (rule.peers ?? [{}]).flatMap((peer) => {
      if (peer.ipBlock) return [peer.ipBlock.cidr]
      const namespace = peer.namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name']
      if (peer.namespaceSelector) return [namespace ?? 'every namespace']
      return peer.podSelector ? [] : ['everybody']
    }),
  )
}

/** The network is closed but for what is written down. */
export const networkRules: readonly Rule[] = [
  {
    name: 'default-deny',
    check: ({ policies }) =>
      policies.some(
        ({ spec }) =>
          JSON.stringify(spec?.podSelector) === '{}' &&
          spec?.policyTypes?.join() === 'Ingress,Egress' &&
          !spec.ingress &&
          !spec.egress,
      )
        ? []
        : ['no policy closes the network for every pod'],
  },
  {
    name: 'policy-selects',
    check: (cluster) =>
      cluster.policies.flatMap(({ metadata, spec }) =>
        workloadsOf(cluster).some(({ template }) => selects(spec?.podSelector, template.metadata?.labels))
          ? []
          : [`NetworkPolicy/${metadata?.name} is about no pod`],
      ),
  },
  {
    name: 'policy-ports',
    check: (cluster) =>
      cluster.policies.flatMap(({ metadata, spec }) =>
        [...(spec?.ingress ?? []), ...(spec?.egress ?? [])].flatMap(({ ports = [] }) =>
          ports.length > 0 ? [] : [`NetworkPolicy/${metadata?.name} opens every port`],
        ),
      ),
  },
  {
    name: 'both-ends-agree',
    check: (cluster) => {
      const pods = workloadsOf(cluster)
      return pods.flatMap((from) =>
        pods.flatMap((to) => {
          if (from === to) return []
          const [out, into] = [allows(cluster, from, to, 'Egress'), allows(cluster, from, to, 'Ingress')]
          return out === into ? [] : [`only one end lets ${nameOf(from)} reach ${nameOf(to)}`]
        }),
      )
    },
  },
  {
    name: 'iam-is-not-public',
    check: (cluster) => [
      ...cluster.ingresses.flatMap(({ spec }) =>
        (spec?.rules ?? []).flatMap(({ http }) =>
          (http?.paths ?? []).flatMap(({ backend, path }) =>
            backend.service?.name === 'iam-service' ? [`the ingress leads ${path} to iam`] : [],
          ),
        ),
      ),
    ],
  },
  {
    name: 'tls',
    check: ({ ingresses }) =>
      ingresses.flatMap(({ metadata, spec }) => {
        const secured = (spec?.tls ?? []).flatMap(({ hosts = [], secretName }) => (secretName ? hosts : []))
        return (spec?.rules ?? []).flatMap(({ host }) =>
          host && secured.includes(host)
            ? []
            : [`Ingress/${metadata?.name} serves ${host ?? 'every host'} without TLS`],
        )
      }),
  },
]

/** The service or store whose pods these are; a migration is told from its service. */
export function nameOf({ template }: Workload): string {
  const labels = template.metadata?.labels ?? {}
  const name = labels['app.kubernetes.io/name'] ?? '?'
  return labels['app.kubernetes.io/component'] === 'migration' ? `${name} migration` : name
}

function mayReach(cluster: Cluster, from: Workload, to: Workload): boolean {
  return allows(cluster, from, to, 'Egress') && allows(cluster, from, to, 'Ingress')
}

function allows(cluster: Cluster, from: Workload, to: Workload, direction: 'Ingress' | 'Egress'): boolean {
  const [subject, other] = direction === 'Egress' ? [from, to] : [to, from]
  const rules = rulesFor(cluster, subject, direction)
  const ports = (to.template.spec?.containers ?? []).flatMap((container) => container.ports ?? [])
  return rules.some((rule) => {
    const open = (rule.ports ?? []).some(({ port }) =>
      ports.some(({ name, containerPort }) => port === name || port === containerPort),
    )
    return open && (rule.peers ?? []).some((peer) => isPeer(peer, other))
  })
}

type DirectedRule = { peers?: V1NetworkPolicyPeer[] } & Pick<V1NetworkPolicyIngressRule, 'ports'>

function rulesFor(cluster: Cluster, workload: Workload, direction: 'Ingress' | 'Egress'): DirectedRule[] {
  return cluster.policies
    .filter((policy) => policy.spec?.policyTypes?.includes(direction) && isAbout(policy, workload))
    .flatMap(({ spec }) =>
      direction === 'Ingress'
        ? (spec?.ingress ?? []).map((rule) => ({
            ...rule,
            ...(rule._from && { peers: rule._from }),
          }))
        : (spec?.egress ?? []).map((rule) => ({ ...rule, ...(rule.to && { peers: rule.to }) })),
    )
}

function isAbout({ spec }: V1NetworkPolicy, { template }: Workload): boolean {
  return selects(spec?.podSelector, template.metadata?.labels)
}

/** Peers of other namespaces and addresses are never pods of ours. */
function isPeer(peer: V1NetworkPolicyPeer, { template }: Workload): boolean {
  return !peer.namespaceSelector && !peer.ipBlock && selects(peer.podSelector, template.metadata?.labels)
}
