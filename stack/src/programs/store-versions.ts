import { connect } from 'amqplib'
import { Redis } from 'ioredis'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { codeOf, messageOf } from '../stack-error.ts'
import { STORES, type Store } from './programs.ts'

/** The version of each store, in its own words: `MySQL 9.7.4`, or that it does not answer. */
export type StoreVersions = Readonly<Record<Store, string>>

const TIMEOUT_MS = 5_000

/** Asks the running stores what they are. */
export async function askVersions(urls: Readonly<Record<Store, string>>): Promise<StoreVersions> {
  const [mysql, redis, rabbitmq] = await Promise.all([
    orSilence(askDatabase(urls.mysql)),
    orSilence(askRedis(urls.redis)),
    orSilence(askBroker(urls.rabbitmq)),
  ])
  return { mysql, redis, rabbitmq }
}

/** All versions in one line. */
export function describeVersions(versions: StoreVersions): string {
  return STORES.map((store) => versions[store]).join(', ')
}

async function orSilence(asked: Promise<string>): Promise<string> {
  return await asked.catch((error: unknown) => `does not answer (${codeOf(error) ?? messageOf(error)})`)
}

async function askDatabase(url: string): Promise<string> {
  const connection = await createConnection({ uri: url, connectTimeout: TIMEOUT_MS })
  try {
    const [rows] = await connection.query<RowDataPacket[]>('select version() as version')
    const version = String(rows[0]?.['version'])
    return `${version.includes('MariaDB') ? 'MariaDB' : 'MySQL'} ${version.split('-')[0]}`
  } finally {
    connection.destroy()
  }
}

async function askRedis(url: string): Promise<string> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  // The caller that awaits the answer hears of the error.
  redis.on('error', () => undefined)
  try {
    const about = await redis.info('server')
    // Valkey also reports the Redis version that it can stand in for.
    const [, name, version] =
      about.match(/^(valkey)_version:(\S+)/m) ?? about.match(/^(redis)_version:(\S+)/m) ?? []
    return `${name === 'valkey' ? 'Valkey' : 'Redis'} ${version}`
  } finally {
    redis.disconnect()
  }
}

async function askBroker(url: string): Promise<string> {
  const model = await connect(url, { timeout: TIMEOUT_MS })
  model.on('error', () => undefined)
  const { product, version } = model.connection.serverProperties
  await model.close()
  return `${product} ${version}`
}
