import { randomBytes } from 'node:crypto'
import { mintApiKey } from '@bazaar/shared/auth/api-keys'
import {
  accountStatements,
  type DatabaseServer,
  databaseUrl,
  type ServiceName,
} from '@bazaar/stack/servers/databases'
import { brokerDefinitions, MESSAGE_VHOST } from '@bazaar/stack/servers/rabbitmq'
import { accessRules } from '@bazaar/stack/servers/redis'
import { KEY_GRANTS, type KeyHolder } from '@bazaar/stack/services/issue-keys'
import type { Secrets } from '@bazaar/stack/services/secrets'

/** Where the stores of a cluster are, each as `host:port`. */
export type StoreHosts = { mysql: string; redis: string; rabbitmq: string }

/** A Secret as Kubernetes takes it. */
export type SecretManifest = {
  apiVersion: 'v1'
  kind: 'Secret'
  metadata: { name: string; namespace: string }
  type: 'Opaque'
  stringData: Record<string, string>
}

/**
 * Everything secret that a cluster needs: for each service what it runs with and what its migration runs with (the
 * account that may change tables, and the API keys of its callers), what signs the shop's cookies, and how the stores
 * let them in.
 */
export function secretManifests(
  secrets: Secrets,
  options: {
    namespace: string
    hosts: StoreHosts
    services: readonly ServiceName[]
    /** Whether the shop runs there, too. */
    shop: boolean
    storesInside: boolean
    smtpUrl: string
  },
): SecretManifest[] {
  const { hosts, services, smtpUrl } = options
  const keys = { user: mintApiKey('prod').key, order: mintApiKey('prod').key }
  const metricsToken = randomBytes(32).toString('base64url')
  const manifest = (name: string, stringData: Record<string, string>): SecretManifest => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: options.namespace },
    type: 'Opaque',
    stringData,
  })
  const server = databaseServer(hosts)
  const ofServices = services.flatMap((service) => [
    manifest(`${service}-secrets`, {
      DATABASE_URL: databaseUrl(server, { account: service, service, secrets }),
      METRICS_TOKEN: metricsToken,
      ...ownSecrets(service, { secrets, hosts, keys, smtpUrl }),
    }),
    manifest(`${service}-migration`, {
      MIGRATION_DATABASE_URL: databaseUrl(server, { account: 'migrator', service, secrets }),
      ...callerKeys(service, keys),
    }),
  ])
  const ofShop = options.shop
    ? [
        manifest('shop-secrets', {
          COOKIE_SECRET: secrets.cookieSecret,
          OPERATOR_KEY: randomBytes(32).toString('base64url'),
          METRICS_TOKEN: metricsToken,
        }),
      ]
    : []
  if (!options.storesInside) return [...ofServices, ...ofShop]
  return [
    ...ofServices,
    ...ofShop,
    manifest('mysql-setup', {
      'root-password': secrets.passwords['admin'] ?? '',
      'accounts.sql': databaseStatements(hosts, { secrets, services }),
    }),
    manifest('redis-setup', { 'users.acl': accessRules(secrets.passwords) }),
    manifest('rabbitmq-setup', {
      'definitions.json': JSON.stringify(brokerDefinitions(secrets.passwords), null, 2),
      'rabbitmq.conf': 'load_definitions = /etc/rabbitmq/definitions.json\n',
    }),
  ]
}

/** The statements that make the databases of these services and their accounts, to be run once by an administrator. */
export function databaseStatements(
  hosts: StoreHosts,
  { secrets, services }: { secrets: Secrets; services: readonly ServiceName[] },
): string {
  const server = databaseServer(hosts)
  const databases = services.map(
    (service) => `CREATE DATABASE IF NOT EXISTS \`${server.prefix}_${service}\` CHARACTER SET utf8mb4`,
  )
  const accounts = accountStatements(server, { secrets, services })
  return [...databases, ...accounts].map((statement) => `${statement};\n`).join('')
}

function databaseServer(hosts: StoreHosts): DatabaseServer {
  return { adminUrl: `mysql://root@${hosts.mysql}`, prefix: 'bazaar', userHost: '%' }
}

function ownSecrets(
  service: ServiceName,
  {
    secrets,
    hosts,
    keys,
    smtpUrl,
  }: { secrets: Secrets; hosts: StoreHosts; keys: Record<KeyHolder, string>; smtpUrl: string },
): Record<string, string> {
  const redis = { REDIS_URL: `redis://${service}:${secrets.passwords[service]}@${hosts.redis}` }
  const broker = {
    RABBITMQ_URL: `amqp://${service}:${secrets.passwords[service]}@${hosts.rabbitmq}/${MESSAGE_VHOST}`,
  }
  const cursors = { CURSOR_SECRET: secrets.cursorSecrets[service] ?? '' }
  switch (service) {
    case 'iam':
      return { PASSWORD_PEPPER: secrets.pepper, BOOTSTRAP_API_KEY: mintApiKey('prod').key }
    case 'user':
      return {
        ...redis,
        ...broker,
        IAM_API_KEY: keys.user,
        LINK_SECRET: secrets.linkSecret,
        SMTP_URL: smtpUrl,
      }
    case 'inventory':
      return { ...redis, ...broker, ...cursors, BOOTSTRAP_API_KEY: mintApiKey('prod').key }
    case 'order':
      return { ...redis, ...broker, ...cursors, INVENTORY_API_KEY: keys.order }
  }
}

/** The keys that a service is to accept from its first day. */
function callerKeys(service: ServiceName, keys: Record<KeyHolder, string>): Record<string, string> {
  const callers = (['user', 'order'] as const)
    .filter((caller) => KEY_GRANTS[caller].issuer === service)
    .map((caller) => ({ caller, scopes: KEY_GRANTS[caller].scopes, key: keys[caller] }))
  return callers.length > 0 ? { CALLER_API_KEYS: JSON.stringify(callers) } : {}
}
