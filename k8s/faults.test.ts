import { expect, test } from 'bun:test'
import { clusterOf, type Manifest, type Overlay, render } from './check/cluster.ts'
import { rules } from './check/rules.ts'
import { schemaFaults } from './check/schema.ts'

/*
 * Every rule has to be able to fail: each row breaks one thing of a good overlay, and the rule of that name has to
 * say so. A value of `undefined` takes the field away.
 */

type Fault = { rule: string; object: string; path: string; value: unknown; overlay?: Overlay }

const pod = 'spec.template.spec'
const container = `${pod}.containers.0`
const iam = 'Deployment/iam-service'

const faults: readonly Fault[] = [
  { rule: 'numeric-user', object: iam, path: `${pod}.securityContext.runAsUser`, value: 1_000 },
  {
    rule: 'numeric-user',
    object: 'Job/iam-migration',
    path: `${pod}.securityContext.runAsUser`,
    value: undefined,
  },
  { rule: 'numeric-user', object: 'StatefulSet/mysql', path: `${pod}.securityContext.runAsUser`, value: 0 },
  { rule: 'non-root', object: iam, path: `${pod}.securityContext.runAsNonRoot`, value: undefined },
  {
    rule: 'read-only-root',
    object: iam,
    path: `${container}.securityContext.readOnlyRootFilesystem`,
    value: false,
  },
  {
    rule: 'no-privileges',
    object: iam,
    path: `${container}.securityContext.allowPrivilegeEscalation`,
    value: undefined,
  },
  {
    rule: 'no-capabilities',
    object: iam,
    path: `${container}.securityContext.capabilities.drop`,
    value: ['NET_RAW'],
  },
  {
    rule: 'system-calls',
    object: iam,
    path: `${pod}.securityContext.seccompProfile.type`,
    value: 'Unconfined',
  },
  { rule: 'resources', object: iam, path: `${container}.resources.limits.memory`, value: undefined },
  {
    rule: 'resources',
    object: 'Job/iam-migration',
    path: `${container}.resources.requests.cpu`,
    value: undefined,
  },
  { rule: 'image', object: iam, path: `${container}.image`, value: 'iam-service:latest' },
  { rule: 'image', object: iam, path: `${container}.image`, value: 'iam-service' },
  {
    rule: 'no-values-of-secrets',
    object: iam,
    path: `${container}.env.0`,
    value: { name: 'API_KEY', value: 'x' },
  },
  { rule: 'probes', object: iam, path: `${container}.startupProbe`, value: undefined },
  { rule: 'probes', object: iam, path: `${container}.readinessProbe.httpGet.path`, value: '/health/live' },
  {
    rule: 'probes-of-services',
    object: iam,
    path: `${container}.livenessProbe.httpGet.path`,
    value: '/docs',
  },
  { rule: 'probe-ports', object: iam, path: `${container}.readinessProbe.httpGet.port`, value: 'web' },
  {
    rule: 'both-families',
    object: iam,
    path: `${container}.env.0`,
    value: { name: 'HOST', value: '0.0.0.0' },
  },
  {
    rule: 'families-of-service',
    object: 'Service/iam-service',
    path: 'spec.ipFamilyPolicy',
    value: undefined,
  },
  { rule: 'pre-stop', object: iam, path: `${container}.lifecycle`, value: undefined },
  { rule: 'grace-period', object: iam, path: `${pod}.terminationGracePeriodSeconds`, value: 15 },
  { rule: 'no-token', object: iam, path: `${pod}.automountServiceAccountToken`, value: undefined },
  { rule: 'no-service-links', object: iam, path: `${pod}.enableServiceLinks`, value: undefined },
  { rule: 'no-host', object: iam, path: `${pod}.hostNetwork`, value: true },
  { rule: 'no-host', object: iam, path: `${pod}.volumes`, value: [{ name: 'x', hostPath: { path: '/' } }] },
  { rule: 'priority', object: iam, path: `${pod}.priorityClassName`, value: 'urgent' },
  { rule: 'two-at-least', object: 'HorizontalPodAutoscaler/iam-service', path: 'spec.minReplicas', value: 1 },
  { rule: 'two-at-least', object: iam, path: 'spec.replicas', value: 2 },
  { rule: 'two-at-least', object: iam, path: 'spec.replicas', value: 1, overlay: 'minikube' },
  { rule: 'spread', object: iam, path: `${pod}.topologySpreadConstraints`, value: undefined },
  {
    rule: 'spread',
    object: iam,
    path: `${pod}.topologySpreadConstraints.0.nodeTaintsPolicy`,
    value: undefined,
  },
  {
    rule: 'spread',
    object: iam,
    path: `${pod}.topologySpreadConstraints.0.whenUnsatisfiable`,
    value: 'ScheduleAnyway',
  },
  {
    rule: 'spread',
    object: iam,
    path: `${pod}.topologySpreadConstraints.0.labelSelector`,
    value: { matchLabels: { 'app.kubernetes.io/name': 'user' } },
  },
  { rule: 'roll-out', object: iam, path: 'spec.strategy.rollingUpdate.maxUnavailable', value: 1 },
  { rule: 'budget', object: 'PodDisruptionBudget/iam-service', path: 'spec.maxUnavailable', value: 0 },
  {
    rule: 'budget',
    object: 'PodDisruptionBudget/iam-service',
    path: 'spec.selector.matchLabels',
    value: { 'app.kubernetes.io/name': 'aim' },
  },
  { rule: 'migration', object: 'Job/iam-migration', path: `${container}.image`, value: 'iam-service:0.9' },
  { rule: 'migration', object: 'Job/iam-migration', path: `${container}.args.1`, value: 'user' },
  { rule: 'service-selects', object: 'Service/iam-service', path: 'spec.selector', value: { app: 'iam' } },
  {
    rule: 'service-selects',
    object: 'Service/iam-service',
    path: 'spec.selector',
    value: { 'app.kubernetes.io/name': 'iam' },
  },
  { rule: 'service-selects', object: 'Service/iam-service', path: 'spec.ports.0.targetPort', value: 4001 },
  {
    rule: 'selector-of-its-own-pods',
    object: iam,
    path: 'spec.selector.matchLabels',
    value: { 'app.kubernetes.io/component': 'server' },
  },
  {
    rule: 'scale-target',
    object: 'HorizontalPodAutoscaler/iam-service',
    path: 'spec.scaleTargetRef.name',
    value: 'iam',
  },
  {
    rule: 'settings-exist',
    object: iam,
    path: `${container}.envFrom.0.configMapRef.name`,
    value: 'settings',
  },
  {
    rule: 'account-exists',
    object: 'ServiceAccount/iam-service',
    path: 'automountServiceAccountToken',
    value: true,
  },
  {
    rule: 'secrets-by-reference',
    object: 'ConfigMap/iam-settings',
    path: 'data.PASSWORD_PEPPER',
    value: 'x',
  },
  { rule: 'secrets-by-reference', object: 'ServiceAccount/iam-service', path: 'kind', value: 'Secret' },
  {
    rule: 'namespace',
    object: 'Namespace/bazaar',
    path: 'metadata.labels',
    value: { 'pod-security.kubernetes.io/enforce': 'baseline' },
  },
  { rule: 'namespace', object: iam, path: 'metadata.namespace', value: 'default' },
  { rule: 'names-once', object: 'Service/iam-service', path: 'metadata.name', value: 'user-service' },
  {
    rule: 'default-deny',
    object: 'NetworkPolicy/default-deny',
    path: 'spec.policyTypes',
    value: ['Ingress'],
  },
  {
    rule: 'policy-selects',
    object: 'NetworkPolicy/iam',
    path: 'spec.podSelector',
    value: { matchLabels: { app: 'iam' } },
  },
  { rule: 'policy-ports', object: 'NetworkPolicy/iam', path: 'spec.ingress.0.ports', value: undefined },
  { rule: 'both-ends-agree', object: 'NetworkPolicy/iam', path: 'spec.ingress', value: [] },
  {
    rule: 'both-ends-agree',
    object: 'NetworkPolicy/order',
    path: 'spec.egress.0.to.0.podSelector.matchLabels',
    value: { 'app.kubernetes.io/name': 'iam' },
  },
  {
    rule: 'iam-is-not-public',
    object: 'Ingress/bazaar',
    path: 'spec.rules.0.http.paths.0.backend.service.name',
    value: 'iam-service',
    overlay: 'production',
  },
  { rule: 'tls', object: 'Ingress/bazaar', path: 'spec.tls', value: undefined, overlay: 'production' },
]

const shapes: readonly Omit<Fault, 'rule'>[] = [
  { object: iam, path: `${container}.readinesProbe`, value: {} },
  { object: iam, path: `${container}.lifecycle.preStop.sleep.second`, value: 5 },
  { object: iam, path: 'spec.selector', value: undefined },
  { object: iam, path: 'spec.minReadySeconds', value: '3' },
  { object: 'Service/iam-service', path: 'spec.ports.0.targetport', value: 80 },
  { object: 'NetworkPolicy/iam', path: 'spec.ingress.0.form', value: [] },
  { object: 'HorizontalPodAutoscaler/iam-service', path: 'apiVersion', value: 'autoscaling/v2beta2' },
]

const overlays = new Map<Overlay, string>()

test.each(faults.map((fault) => [fault.rule, fault.object, fault.path, fault] as const))(
  'rule %s notices %s with another %s',
  (name, _object, _path, fault) => {
    const rule = rules.find((one) => one.name === name)
    const cluster = clusterOf(breakIt(fault))
    expect(rule?.check(cluster)).not.toEqual([])
  },
)

test.each(shapes.map((fault) => [fault.object, fault.path, fault] as const))(
  'the schema refuses %s with another %s',
  async (_object, _path, fault) => {
    const broken = await Promise.all(breakIt(fault).map(schemaFaults))
    expect(broken.flat()).not.toEqual([])
  },
)

test('every rule is shown to fail', () => {
  const untried = rules.map(({ name }) => name).filter((name) => !faults.some(({ rule }) => rule === name))
  expect(untried).toEqual([])
})

/** The manifests of the overlay with one thing changed. */
function breakIt({ object, path, value, overlay = 'minikube-all' }: Omit<Fault, 'rule'>): Manifest[] {
  const text = overlays.get(overlay) ?? JSON.stringify(render(overlay))
  overlays.set(overlay, text)
  const manifests: Manifest[] = JSON.parse(text)
  // The names of settings end in a digest.
  const subject = manifests.find(
    ({ kind, metadata }) => `${kind}/${metadata.name}`.replace(/-[a-z0-9]{10}$/, '') === object,
  )
  if (!subject) throw new Error(`There is no ${object} in ${overlay}`)
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  let place: object = subject
  for (const key of keys) {
    const next: unknown = Reflect.get(place, key)
    if (typeof next !== 'object' || next === null) throw new Error(`There is no ${path} in ${object}`)
    place = next
  }
  if (value === undefined) Reflect.deleteProperty(place, last)
  else Reflect.set(place, last, value)
  return manifests
}
