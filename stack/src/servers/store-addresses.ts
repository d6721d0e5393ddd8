import type { StackPaths } from '../paths.ts'
import type { Secrets } from '../services/secrets.ts'
import { databaseAdminUrl } from './database-server.ts'
import type { DatabaseServer } from './databases.ts'
import type { ExternalServers } from './external.ts'
import { type BrokerAccess, brokerTestUrl, brokerUrl } from './rabbitmq.ts'
import { type RedisAccess, redisUrl } from './redis.ts'

/** The ports of the private servers. */
export type StorePorts = {
  mysql: number
  redis: number
  rabbitmq: number
  rabbitmqNode: number
  epmd: number
}

/** The addresses of one stack's MySQL, Redis and RabbitMQ, and each service's account there. */
export type StoreAddresses = {
  database: DatabaseServer
  /** Distinguishes this database server from another one that the stack may use some day. */
  databaseAddress: string
  redisUrls: Record<'user' | 'inventory' | 'order', string>
  rabbitmqUrls: Record<'user' | 'inventory' | 'order', string>
  /** URLs with full access, for tests and for a person who wants to look. */
  adminUrls: { mysql: string; redis: string; rabbitmq: string }
}

/** The addresses of the private servers, or of the given ones. */
export function storeAddresses(options: {
  paths: StackPaths
  secrets: Secrets
  ports: StorePorts
  external: ExternalServers
  /** The row of the private servers, if they are not this machine's own. */
  row: { name: string } | undefined
}): StoreAddresses {
  const { secrets, ports, external } = options
  const redis: RedisAccess = { port: ports.redis, passwords: secrets.passwords }
  const broker: BrokerAccess = { ports, passwords: secrets.passwords }
  const database = databaseServer(options)
  return {
    database,
    databaseAddress: databaseAddressOf(external, options.row),
    redisUrls: {
      user: external.redis ?? redisUrl(redis, 'user'),
      inventory: external.redis ?? redisUrl(redis, 'inventory'),
      order: external.redis ?? redisUrl(redis, 'order'),
    },
    rabbitmqUrls: {
      user: external.rabbitmq ?? brokerUrl(broker, 'user'),
      inventory: external.rabbitmq ?? brokerUrl(broker, 'inventory'),
      order: external.rabbitmq ?? brokerUrl(broker, 'order'),
    },
    adminUrls: {
      mysql: database.adminUrl,
      redis: external.redis ?? redisUrl(redis, 'admin'),
      rabbitmq: external.rabbitmq ?? brokerTestUrl(broker),
    },
  }
}

/** Distinguishes the database servers that a stack may use. */
export function databaseAddressOf(external: ExternalServers, row: { name: string } | undefined): string {
  return external.mysql ? new URL(external.mysql).host : (row?.name ?? 'private')
}

/** On its own server a stack uses plain names; on a given one, every stack but `main` puts its own name into them. */
function databaseServer(options: {
  paths: StackPaths
  secrets: Secrets
  ports: StorePorts
  external: ExternalServers
}): DatabaseServer {
  const { paths, secrets, ports, external } = options
  if (external.mysql === undefined) {
    const adminUrl = databaseAdminUrl({ port: ports.mysql, adminPassword: secrets.passwords['admin'] ?? '' })
    return { adminUrl, prefix: 'bazaar', userHost: '127.0.0.1' }
  }
  const prefix = paths.name === 'main' ? 'bazaar' : `bazaar_${paths.name.replaceAll('-', '_')}`
  return { adminUrl: external.mysql, prefix, userHost: '%' }
}
