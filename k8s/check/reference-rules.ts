import { type Cluster, selects, workloadsOf } from './cluster.ts'
import type { Rule } from './rule.ts'

/** What one object says about another has to be true. */
export const referenceRules: readonly Rule[] = [
  {
    name: 'service-selects',
    check: (cluster) =>
      cluster.services.flatMap(({ metadata, spec }) => {
        if (spec?.type === 'ExternalName') return []
        const chosen = workloadsOf(cluster).filter(({ template }) =>
          selects({ matchLabels: spec?.selector ?? {} }, template.metadata?.labels),
        )
        if (chosen.length !== 1)
          return [
            `Service/${metadata?.name} selects ${chosen.map(({ title }) => title).join(', ') || 'nothing'}`,
          ]
        const ports = (chosen[0]?.template.spec?.containers ?? []).flatMap(({ ports = [] }) => ports)
        return (spec?.ports ?? []).flatMap(({ targetPort }) =>
          ports.some(({ name, containerPort }) => name === targetPort || containerPort === targetPort)
            ? []
            : [`Service/${metadata?.name} leads to port ${targetPort}, which is not there`],
        )
      }),
  },
  {
    name: 'families-of-service',
    check: ({ services }) =>
      services.flatMap(({ metadata, spec }) =>
        spec?.selector?.['app.kubernetes.io/component'] !== 'server' ||
        spec.ipFamilyPolicy === 'PreferDualStack'
          ? []
          : [`Service/${metadata?.name} has addresses of one family alone`],
      ),
  },
  {
    name: 'selector-of-its-own-pods',
    check: ({ deployments, statefulSets }) =>
      [...deployments, ...statefulSets].flatMap(({ kind, metadata, spec }) =>
        selects(spec?.selector, spec?.template.metadata?.labels) &&
        Object.keys(spec?.selector.matchLabels ?? {}).length > 1
          ? []
          : [`${kind}/${metadata?.name} does not select its own pods alone`],
      ),
  },
  {
    name: 'scale-target',
    check: ({ autoscalers, deployments }) =>
      autoscalers.flatMap(({ metadata, spec }) =>
        deployments.some((deployment) => deployment.metadata?.name === spec?.scaleTargetRef.name)
          ? []
          : [`HorizontalPodAutoscaler/${metadata?.name} scales nothing`],
      ),
  },
  {
    name: 'settings-exist',
    check: (cluster) =>
      workloadsOf(cluster).flatMap(({ title, template }) =>
        (template.spec?.containers ?? []).flatMap(({ envFrom = [] }) =>
          envFrom.flatMap(({ configMapRef }) =>
            !configMapRef || cluster.configMaps.some(({ metadata }) => metadata?.name === configMapRef.name)
              ? []
              : [`${title} reads ConfigMap/${configMapRef.name}, which is not there`],
          ),
        ),
      ),
  },
  {
    name: 'account-exists',
    check: (cluster) =>
      workloadsOf(cluster).flatMap(({ title, template }) => {
        const account = cluster.serviceAccounts.find(
          ({ metadata }) => metadata?.name === template.spec?.serviceAccountName,
        )
        return account?.automountServiceAccountToken === false
          ? []
          : [`${title} has no account without a token`]
      }),
  },
  {
    name: 'secrets-by-reference',
    check: ({ secrets, configMaps }) => [
      ...secrets.map(({ metadata }) => `Secret/${metadata?.name} is written down`),
      ...configMaps.flatMap(({ metadata, data = {} }) =>
        Object.entries(data).flatMap(([name, value]) =>
          /PASSWORD|PEPPER|SECRET|API_KEY|DATABASE_URL|REDIS_URL|RABBITMQ_URL/.test(name) ||
          /:\/\/[^/]*@|bzk_/.test(value)
            ? [`ConfigMap/${metadata?.name} shows ${name}`]
            : [],
        ),
      ),
    ],
  },
  {
    name: 'namespace',
    check: (cluster) => namespaceFaults(cluster),
  },
  {
    name: 'names-once',
    check: ({ all }) => {
      const titles = all.map(({ kind, metadata }) => `${kind}/${metadata.name}`)
      return titles
        .filter((title, index) => titles.indexOf(title) !== index)
        .map((title) => `${title} is there twice`)
    },
  },
]

function namespaceFaults({ all, namespaces }: Cluster): string[] {
  const restricted = namespaces.some(
    ({ metadata }) =>
      metadata?.labels?.['pod-security.kubernetes.io/enforce'] === 'restricted' && metadata.name === 'bazaar',
  )
  const outside = all.filter(
    ({ kind, metadata }) =>
      kind !== 'Namespace' && kind !== 'PriorityClass' && metadata.namespace !== 'bazaar',
  )
  return [
    ...(restricted ? [] : ['Namespace/bazaar lets pods in that are not restricted']),
    ...outside.map(({ kind, metadata }) => `${kind}/${metadata.name} is in another namespace`),
  ]
}
