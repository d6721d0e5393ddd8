import type { V1Container, V1Probe } from '@kubernetes/client-node'
import { type Cluster, type Workload, workloadsOf } from './cluster.ts'
import type { Rule } from './rule.ts'

/** As long as a service takes to end by itself: STOP_DEADLINE_MS in shared/process/lifecycle.ts. */
export const STOP_SECONDS = 10
/** What lies between the end of that and SIGKILL. */
const SPARE_SECONDS = 5
const VOLUMES_ALLOWED = ['name', 'configMap', 'secret', 'emptyDir', 'projected', 'persistentVolumeClaim']

/** How each pod and container has to be set up. */
export const podRules: readonly Rule[] = [
  eachContainer('numeric-user', ({ template }, container) => {
    const user = container.securityContext?.runAsUser ?? template.spec?.securityContext?.runAsUser
    const least = isStore(template.metadata?.labels) ? 1 : 10_001
    return Number.isInteger(user) && Number(user) >= least
      ? []
      : [`runs as user ${user}, not as one from ${least} on`]
  }),
  eachContainer('non-root', ({ template }, container) =>
    (container.securityContext?.runAsNonRoot ?? template.spec?.securityContext?.runAsNonRoot) === true
      ? []
      : ['may run as root'],
  ),
  eachContainer('read-only-root', (_, { securityContext }) =>
    securityContext?.readOnlyRootFilesystem === true ? [] : ['can write to its root file system'],
  ),
  eachContainer('no-privileges', (_, { securityContext }) =>
    securityContext?.allowPrivilegeEscalation === false && !securityContext.privileged
      ? []
      : ['can gain privileges'],
  ),
  eachContainer('no-capabilities', (_, { securityContext }) => {
    const { drop = [], add = [] } = securityContext?.capabilities ?? {}
    return drop.includes('ALL') && add.length === 0 ? [] : ['keeps capabilities']
  }),
  eachContainer('system-calls', ({ template }, container) => {
    const profile =
      container.securityContext?.seccompProfile ?? template.spec?.securityContext?.seccompProfile
    return profile?.type === 'RuntimeDefault' ? [] : ['may use every system call']
  }),
  eachContainer('resources', (_, { resources }) =>
    (['cpu', 'memory', 'ephemeral-storage'] as const).flatMap((kind) => [
      ...(resources?.requests?.[kind] ? [] : [`requests no ${kind}`]),
      ...(resources?.limits?.[kind] ? [] : [`has no limit of ${kind}`]),
    ]),
  ),
  eachContainer('image', (_, { image = '' }) => {
    const [, tag] = /:([^:/@]+)$/.exec(image) ?? []
    const pinned =
      image.includes('@sha256:') || (tag !== undefined && /\d/.test(tag) && !tag.includes('latest'))
    return pinned ? [] : [`image "${image}" has no version that stays`]
  }),
  eachContainer('no-values-of-secrets', (_, { env = [] }) =>
    env.flatMap(({ name, value }) =>
      value && /URL|KEY|SECRET|PASSWORD|PEPPER|TOKEN/.test(name) ? [`shows ${name}`] : [],
    ),
  ),
  eachLasting('probes', ({ startupProbe, readinessProbe, livenessProbe }) => [
    ...(startupProbe ? [] : ['has no startup probe']),
    ...(readinessProbe ? [] : ['has no readiness probe']),
    ...(livenessProbe ? [] : ['has no liveness probe']),
    ...(readinessProbe && livenessProbe && question(readinessProbe) === question(livenessProbe)
      ? ['asks the same for readiness and liveness']
      : []),
  ]),
  eachLasting('probes-of-services', ({ name, readinessProbe, livenessProbe }) =>
    name !== 'service' ||
    (readinessProbe?.httpGet?.path === '/health/ready' && livenessProbe?.httpGet?.path === '/health/live')
      ? []
      : ['is not asked at /health/ready and /health/live'],
  ),
  eachLasting('probe-ports', ({ ports = [], startupProbe, readinessProbe, livenessProbe }) =>
    [startupProbe, readinessProbe, livenessProbe].flatMap((probe) => {
      const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port
      const exists =
        port === undefined || ports.some(({ name, containerPort }) => port === name || port === containerPort)
      return exists ? [] : [`is asked at port ${port}, which it has not`]
    }),
  ),
  eachLasting('both-families', ({ name, env = [] }) =>
    name !== 'service' || env.some((one) => one.name === 'HOST' && one.value === '::')
      ? []
      : ['does not listen on the addresses of both families'],
  ),
  eachLasting('pre-stop', ({ lifecycle }) =>
    (lifecycle?.preStop?.sleep?.seconds ?? 0) >= 1 ? [] : ['is stopped before the other nodes know'],
  ),
  {
    name: 'grace-period',
    check: (cluster) =>
      lasting(cluster).flatMap(({ title, template }) =>
        (template.spec?.containers ?? []).flatMap(({ lifecycle }) => {
          const needed = (lifecycle?.preStop?.sleep?.seconds ?? 0) + STOP_SECONDS + SPARE_SECONDS
          const given = template.spec?.terminationGracePeriodSeconds ?? 0
          return given >= needed ? [] : [`${title} has ${given} s to stop and needs ${needed} s`]
        }),
      ),
  },
  eachPod('no-token', ({ template: { spec } }) =>
    spec?.automountServiceAccountToken === false && spec.serviceAccountName
      ? []
      : ['holds a key to Kubernetes'],
  ),
  eachPod('no-service-links', ({ template: { spec } }) =>
    spec?.enableServiceLinks === false ? [] : ['gets every service as environment variables'],
  ),
  eachPod('no-host', ({ template: { spec } }) => [
    ...(spec?.hostNetwork || spec?.hostPID || spec?.hostIPC ? ['shares a namespace with its node'] : []),
    ...(spec?.volumes ?? []).flatMap((volume) =>
      Object.keys(volume).flatMap((kind) => (VOLUMES_ALLOWED.includes(kind) ? [] : [`mounts a ${kind}`])),
    ),
  ]),
  {
    name: 'priority',
    check: (cluster) =>
      lasting(cluster).flatMap(({ title, template }) =>
        cluster.priorityClasses.some(({ metadata }) => metadata?.name === template.spec?.priorityClassName)
          ? []
          : [`${title} has no priority that exists`],
      ),
  },
]

function eachContainer(name: string, check: (workload: Workload, container: V1Container) => string[]): Rule {
  return eachPod(name, (workload) => {
    const { containers = [], initContainers = [] } = workload.template.spec ?? {}
    return [...containers, ...initContainers].flatMap((container) => check(workload, container))
  })
}

function eachLasting(name: string, check: (container: V1Container) => string[]): Rule {
  return {
    name,
    check: (cluster) =>
      lasting(cluster).flatMap(({ title, template }) =>
        (template.spec?.containers ?? []).flatMap((container) =>
          check(container).map((fault) => `${title} ${fault}`),
        ),
      ),
  }
}

function eachPod(name: string, check: (workload: Workload) => string[]): Rule {
  return {
    name,
    check: (cluster) =>
      workloadsOf(cluster).flatMap((workload) =>
        check(workload).map((fault) => `${workload.title} ${fault}`),
      ),
  }
}

/** What does not end by itself. */
function lasting(cluster: Cluster): Workload[] {
  return workloadsOf(cluster).filter(({ title }) => !title.startsWith('Job/'))
}

function isStore(labels: Record<string, string> | undefined): boolean {
  return labels?.['app.kubernetes.io/component'] === 'store'
}

function question({ httpGet, tcpSocket, exec }: V1Probe): string {
  return JSON.stringify([httpGet?.path, tcpSocket?.port, exec?.command])
}
