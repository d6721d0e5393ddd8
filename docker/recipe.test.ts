import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { clientAddressBehind } from '@bazaar/shared/http/request/client-address'
import { SERVICES } from '@bazaar/stack/servers/databases'
import { ACCOUNTS, makeSecrets } from '@bazaar/stack/services/secrets'
import { parse } from 'yaml'
import { databaseStatements } from '../k8s/secrets.ts'
import { readConfig as iam } from '../services/iam/src/config.ts'
import { readConfig as inventory } from '../services/inventory/src/config.ts'
import { readConfig as order } from '../services/order/src/config.ts'
import { readConfig as user } from '../services/user/src/config.ts'
import { readConfig as shop } from '../shop/src/config.ts'

type ComposeService = {
  image: string
  ports?: string[]
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string }>
  volumes?: string[]
  healthcheck?: { test: string[] }
  read_only?: boolean
  cap_drop?: string[]
}

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const recipe = read('docker/Dockerfile')
/** How compose adds what is set beside it. */
const ADDED_ORIGINS = /\$\{CORS_ORIGINS:\+,\$CORS_ORIGINS\}/g
const compose: { services: Record<string, ComposeService> } = parse(
  // As compose does when the variable is not set.
  read('docker/compose.yaml').replaceAll(ADDED_ORIGINS, ''),
  { merge: true },
)
const observed: typeof compose = parse(read('docker/compose.observability.yaml'), { merge: true })
const readers = { iam, user, inventory, order }

test('the recipe builds on the version of Bun that the workspace wants', () => {
  const { engines }: { engines: { bun: string } } = JSON.parse(read('package.json'))
  expect(recipe).toContain(`ARG BUN_IMAGE=docker.io/oven/bun:${engines.bun}-slim`)
})

test('the recipe copies the package.json of every workspace, which the lockfile is checked against', () => {
  const { workspaces }: { workspaces: string[] } = JSON.parse(read('package.json'))
  const packages = workspaces.flatMap((workspace) =>
    workspace.endsWith('/*')
      ? readdirSync(join(root, workspace.slice(0, -2))).map((name) => `${workspace.slice(0, -1)}${name}`)
      : [workspace],
  )
  const copied = [...recipe.matchAll(/^COPY (\S+)\/package\.json (\S+)\/$/gm)].map(([, from, to]) =>
    from === to ? from : '',
  )
  expect(copied.toSorted()).toEqual(packages.toSorted())
})

test.each([...SERVICES])('compose gives %s all its variables, and health before it starts', (service) => {
  const composed = compose.services[service]
  expect(() => readers[service]({ PORT: '8080', HOST: '0.0.0.0', ...composed?.environment })).not.toThrow()
  expect(composed?.image).toBe(`${service}-service:1.0`)
  expect(composed?.depends_on?.[`${service}-migration`]?.condition).toBe('service_completed_successfully')
  expect([composed?.read_only, composed?.cap_drop]).toEqual([true, ['ALL']])
})

test.each([...SERVICES])('compose lets the pages call %s that CORS_ORIGINS names', (service) => {
  const named = read('docker/compose.yaml').replaceAll(ADDED_ORIGINS, ',http://localhost:5173')
  const { services }: typeof compose = parse(named, { merge: true })
  const { http } = readers[service]({ PORT: '8080', HOST: '0.0.0.0', ...services[service]?.environment })
  expect(http.corsOrigins).toContain('http://localhost:5173')
})

test('compose gives the shop all its variables, and the services believe it where a buyer comes from', () => {
  const composed = compose.services['shop']
  const variables = { PORT: '8080', HOST: '0.0.0.0', ...composed?.environment }
  const { origins } = shop(variables)
  expect(composed?.ports).toEqual(['127.0.0.1:4000:8080'])
  expect(origins).toContain('http://localhost:4000')
  expect(composed?.image).toBe('shop:1.0')
  expect([composed?.read_only, composed?.cap_drop]).toEqual([true, ['ALL']])
  for (const service of ['user', 'inventory', 'order'] as const) {
    const { http } = readers[service]({ PORT: '8080', ...compose.services[service]?.environment })
    const addressOf = clientAddressBehind(http.trustedProxies)
    const from = new Request('http://x', { headers: { 'x-forwarded-for': '203.0.113.7' } })
    expect([addressOf(from, '172.18.0.9'), addressOf(from, '198.51.100.1')]).toEqual([
      '203.0.113.7',
      '198.51.100.1',
    ])
  }
})

test('compose publishes ports on this machine only, as its passwords are public', () => {
  const services = [...Object.values(compose.services), ...Object.values(observed.services)]
  const ports = services.flatMap(({ ports = [] }) => ports)
  expect(ports.length).toBeGreaterThan(3)
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
})

test('compose uses only images of a certain version, starts in an order that ends, and watches what lasts', () => {
  for (const [name, { image, depends_on = {}, healthcheck }] of Object.entries(compose.services)) {
    expect(image).toMatch(/:\d+\.\d/)
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      const once = needed.endsWith('-migration')
      expect([name, needed, condition]).toEqual([
        name,
        needed,
        once ? 'service_completed_successfully' : 'service_healthy',
      ])
    }
    expect([name, healthcheck !== undefined]).toEqual([name, !name.endsWith('-migration')])
  }
  const levels = new Map<string, number>()
  const levelOf = (name: string, above: readonly string[] = []): number => {
    if (above.includes(name)) throw new Error(`${[...above, name].join(' → ')} never starts`)
    const needed = Object.keys(compose.services[name]?.depends_on ?? {})
    const level = Math.max(-1, ...needed.map((one) => levelOf(one, [...above, name]))) + 1
    levels.set(name, level)
    return level
  }
  for (const name of Object.keys(compose.services)) levelOf(name)
  expect(levels.get('order')).toBeGreaterThan(levels.get('iam') ?? 99)
})

test('compose makes the databases and accounts that the services log in to', () => {
  const passwords = Object.fromEntries(ACCOUNTS.map((account) => [account, 'development']))
  const hosts = { mysql: 'mysql:3306', redis: 'redis:6379', rabbitmq: 'rabbitmq:5672' }
  const statements = databaseStatements(hosts, {
    secrets: { ...makeSecrets(), passwords },
    services: SERVICES,
  })
  expect(read('docker/compose/accounts.sql').replace(/^--.*\n/, '')).toBe(statements)
})

test('compose lets in the callers whose keys the services present', () => {
  for (const [caller, variable, issuer] of [
    ['user', 'IAM_API_KEY', 'iam'],
    ['order', 'INVENTORY_API_KEY', 'inventory'],
  ] as const) {
    const accepted = compose.services[`${issuer}-migration`]?.environment?.['CALLER_API_KEYS'] ?? '[]'
    const callers: { caller: string; key: string }[] = JSON.parse(accepted)
    expect(callers).toMatchObject([{ caller, key: compose.services[caller]?.environment?.[variable] }])
  }
})

test('compose has Prometheus ask every service and the shop, and gives the spans of the services to Jaeger', () => {
  const prometheus: { scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[] } =
    parse(read('docker/compose/prometheus.yaml'))
  const [job] = prometheus.scrape_configs
  expect(job?.job_name).toBe('bazaar')
  const targets = job?.static_configs.flatMap(({ targets }) => targets)
  expect(targets).toEqual([...SERVICES, 'shop'].map((name) => `${name}:8080`))
  for (const service of SERVICES)
    expect(observed.services[service]?.environment).toEqual({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://jaeger:4318',
    })
})

test('compose gives Prometheus and Grafana files that are there, in images of a certain version', () => {
  const mounted = Object.values(observed.services).flatMap(({ volumes = [] }) => volumes)
  expect(mounted).toHaveLength(5)
  for (const name of ['prometheus', 'jaeger', 'grafana'])
    expect(observed.services[name]?.image).toMatch(/:v?\d+\.\d+\.\d+$/)
  for (const volume of mounted) {
    const [source = ''] = volume.split(':')
    expect([source, existsSync(join(root, 'docker', source))]).toEqual([source, true])
  }
})
