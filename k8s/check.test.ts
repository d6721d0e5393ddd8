import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inventoryApi } from '@bazaar/shared/api/inventory'
import type { Api } from '@bazaar/shared/api/operation'
import { orderApi } from '@bazaar/shared/api/order'
import { userApi } from '@bazaar/shared/api/user'
import { SERVICES } from '@bazaar/stack/servers/databases'
import { makeSecrets } from '@bazaar/stack/services/secrets'
import { readConfig as iam } from '../services/iam/src/config.ts'
import { readConfig as inventory } from '../services/inventory/src/config.ts'
import { readConfig as order } from '../services/order/src/config.ts'
import { readConfig as user } from '../services/user/src/config.ts'
import { readConfig as shop } from '../shop/src/config.ts'
import { clusterOf, folder, OVERLAYS, type Overlay, render, workloadsOf } from './check/cluster.ts'
import { nameOf, outsideCallers, reachablePairs } from './check/network-rules.ts'
import { STOP_SECONDS } from './check/pod-rules.ts'
import { rules } from './check/rules.ts'
import { schemaFaults } from './check/schema.ts'
import { secretManifests } from './secrets.ts'

const rendered = new Map(OVERLAYS.map((overlay) => [overlay, render(overlay)]))
const clusterNamed = (overlay: Overlay) => clusterOf(rendered.get(overlay) ?? [])
const readers = { iam, user, inventory, order, shop }
type Program = keyof typeof readers
/** The folder of each program, with all that it can be told in its .env.example. */
const folderOf = (program: Program) => (program === 'shop' ? 'shop' : `services/${program}`)

describe.each([...OVERLAYS])('overlay %s', (overlay) => {
  test('has only fields that exist, of the right types', async () => {
    const faults = await Promise.all((rendered.get(overlay) ?? []).map(schemaFaults))
    expect(faults.flat()).toEqual([])
    expect(faults.length).toBeGreaterThan(10)
  })

  test.each([...rules])('keeps the rule $name', ({ check }) => {
    expect(check(clusterNamed(overlay))).toEqual([])
  })

  test('gives each service every variable that it needs, and none that it does not know', () => {
    const cluster = clusterNamed(overlay)
    for (const service of SERVICES.filter((name) => overlay !== 'minikube' || name === 'iam')) {
      expect(faultsOfVariables(service, variablesOf(cluster, service))).toEqual([])
      expect(Object.keys(variablesOf(cluster, `${service}-migration`))).toContain('MIGRATION_DATABASE_URL')
    }
    if (overlay !== 'minikube') expect(faultsOfVariables('shop', variablesOf(cluster, 'shop'))).toEqual([])
  })
})

test.each([...SERVICES, 'shop'] as const)(
  'a variable of %s that is taken away or misspelt is noticed',
  (service) => {
    const variables = variablesOf(clusterNamed('production'), service)
    const needed = Object.keys(variables).filter((name) => readersNeed(service, variables, name))
    expect(needed).toContain(service === 'shop' ? 'COOKIE_SECRET' : 'DATABASE_URL')
    for (const [name, value] of Object.entries(variables)) {
      const { [name]: _, ...others } = variables
      const missing = needed.includes(name) ? [`${name} is missing`] : []
      expect(faultsOfVariables(service, others)).toEqual(missing)
      expect(faultsOfVariables(service, { ...others, [`${name}S`]: value })).toEqual([
        ...missing,
        `${name}S is not known to ${service}`,
      ])
    }
  },
)

test.each(['user', 'inventory', 'order'] as const)(
  'overlay production names the web pages that may call %s',
  (service) => {
    expect(variablesOf(clusterNamed('production'), service)['CORS_ORIGINS']).toMatch(/^https:/)
  },
)

test('overlay minikube is what the origin had: two pods of iam-service:1.0 behind a NodePort', () => {
  const { deployments, services, statefulSets } = clusterNamed('minikube')
  expect(deployments.map(({ metadata, spec }) => [metadata?.name, spec?.replicas])).toEqual([
    ['iam-service', 2],
  ])
  expect(deployments[0]?.spec?.template.spec?.containers[0]?.image).toBe('iam-service:1.0')
  const byName = Object.fromEntries(services.map(({ metadata, spec }) => [metadata?.name, spec]))
  expect(byName['iam-service']?.type).toBe('NodePort')
  expect(byName['mysql']?.externalName).toBe('host.minikube.internal')
  expect(statefulSets).toEqual([])
})

test('overlay minikube-all lets reach each other exactly as ARCHITECTURE.md says', () => {
  expect(reachablePairs(clusterNamed('minikube-all')).toSorted()).toEqual(pairsInArchitecture().toSorted())
})

test('overlay production lets programs reach each other exactly as ARCHITECTURE.md says', () => {
  const isService = (pair: string) => pair.split(' → ').every((name) => Object.hasOwn(readers, name))
  const wanted = pairsInArchitecture().filter(isService)
  expect(reachablePairs(clusterNamed('production')).toSorted()).toEqual(wanted.toSorted())
})

test('overlay production lets in people to the shop, user, inventory and order, and to IAM nobody but the monitoring', () => {
  const cluster = clusterNamed('production')
  const callers = Object.fromEntries(
    workloadsOf(cluster)
      .filter(({ component }) => component === 'server')
      .map((workload) => [nameOf(workload), outsideCallers(cluster, workload).toSorted()]),
  )
  const open = ['ingress-nginx', 'monitoring']
  expect(callers).toEqual({ iam: ['monitoring'], user: open, inventory: open, order: open, shop: open })
})

test('overlay production leads every operation for people to its service, and no other path to any', () => {
  const paths = clusterNamed('production').ingresses.flatMap(({ metadata, spec }) =>
    metadata?.name === 'bazaar' ? (spec?.rules?.[0]?.http?.paths ?? []) : [],
  )
  const serviceAt = (path: string) =>
    paths.find((rule) => path === rule.path || path.startsWith(`${rule.path}/`))?.backend.service?.name
  for (const api of [userApi, inventoryApi, orderApi] satisfies Api[]) {
    for (const { access, path } of Object.values<Api['operations'][string]>(api.operations)) {
      const forPeople = access === 'anyone' || 'session' in access
      expect([path, serviceAt(path)]).toEqual([path, forPeople ? `${api.service}-service` : undefined])
    }
  }
  for (const path of ['/', '/docs', '/openapi.json', '/metrics', '/health/ready'])
    expect(serviceAt(path)).toBeUndefined()
  const used = (prefix: string) =>
    [userApi, inventoryApi, orderApi].some((api) =>
      Object.values<Api['operations'][string]>(api.operations).some(
        ({ path }) => path === prefix || path.startsWith(`${prefix}/`),
      ),
    )
  expect(paths.map(({ path }) => path ?? '').filter((path) => !used(path))).toEqual([])
})

test('overlay production shows the shop at the address that it takes for its own', () => {
  const cluster = clusterNamed('production')
  const rules = cluster.ingresses.flatMap(({ metadata, spec }) =>
    metadata?.name === 'shop' ? (spec?.rules ?? []) : [],
  )
  expect(
    rules.map(({ host, http }) => [host, http?.paths.map(({ backend }) => backend.service?.name)]),
  ).toEqual([['bazaar.example', ['shop-service']]])
  const { ORIGINS, TRUSTED_PROXIES } = variablesOf(cluster, 'shop')
  expect(ORIGINS).toBe(`https://${rules[0]?.host}`)
  // Each service believes the shop where a buyer comes from as far as the shop believes the ingress.
  for (const service of ['user', 'inventory', 'order'])
    expect(variablesOf(cluster, service)['TRUSTED_PROXIES']).toBe(TRUSTED_PROXIES)
})

test('the grace period of the rules is that of the services', () => {
  const lifecycle = readFileSync(join(folder, '../shared/process/lifecycle.ts'), 'utf8')
  expect(lifecycle).toContain(`const STOP_DEADLINE_MS = ${STOP_SECONDS}_000`)
})

/** What a service would miss, find malformed, or never read; its .env.example names all that it knows. */
function faultsOfVariables(service: Program, variables: Record<string, string>): string[] {
  const known = readFileSync(join(folder, `../${folderOf(service)}/.env.example`), 'utf8')
  const unknown = Object.keys(variables)
    .filter((name) => !new RegExp(`^(# )?${name}=`, 'm').test(known))
    .map((name) => `${name} is not known to ${service}`)
  return [...refusalsOf(service, variables), ...unknown]
}

function refusalsOf(service: Program, variables: Record<string, string>): string[] {
  try {
    readers[service](variables)
    return []
  } catch (error) {
    return [...String(error).matchAll(/^ {2}(\w+ is \w+)/gm)].map(([, refusal = '']) => refusal)
  }
}

function readersNeed(service: Program, variables: Record<string, string>, name: string): boolean {
  const { [name]: _, ...others } = variables
  return refusalsOf(service, others).length > 0
}

/** The variables of a service's or a migration's container, with the secrets that the generator draws. */
function variablesOf(cluster: ReturnType<typeof clusterOf>, name: string): Record<string, string> {
  const hosts = { mysql: 'mysql:3306', redis: 'redis:6379', rabbitmq: 'rabbitmq:5672' }
  const secrets = secretManifests(makeSecrets(), {
    namespace: 'bazaar',
    hosts,
    services: SERVICES,
    shop: true,
    storesInside: true,
    smtpUrl: 'smtp://mail:587',
  })
  const workload = workloadsOf(cluster).find(
    ({ title }) => title === `Deployment/${name}-service` || title === `Job/${name}`,
  )
  const [container] = workload?.template.spec?.containers ?? []
  const given: Record<string, string> = {}
  for (const { configMapRef, secretRef } of container?.envFrom ?? []) {
    Object.assign(
      given,
      cluster.configMaps.find(({ metadata }) => metadata?.name === configMapRef?.name)?.data,
    )
    Object.assign(given, secrets.find(({ metadata }) => metadata.name === secretRef?.name)?.stringData)
  }
  for (const { name: variable, value } of container?.env ?? []) if (value) given[variable] = value
  return given
}

/** The table "Who may reach whom": a row for each that calls, a column for each that is called, ✓ where it may. */
function pairsInArchitecture(): string[] {
  const text = readFileSync(join(folder, '../ARCHITECTURE.md'), 'utf8')
  const section = text.split(/^#+ Who may reach whom$/m)[1] ?? ''
  const [header = [], , ...rows] = [...section.matchAll(/^\|(.+)\|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim()),
  )
  return rows.flatMap(([from, ...cells]) =>
    cells.flatMap((cell, index) => (cell === '✓' ? [`${from} → ${header[index + 1]}`] : [])),
  )
}
