import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateService } from '@bazaar/shared/migrate'
import { freePort, type RunningService, startService } from '@bazaar/shared/testing/service'
import { MYSQL_URL, RABBITMQ_URL, REDIS_URL } from '@bazaar/shared/testing/stores'
import { databaseUrl, ensureDatabases, SERVICES, type ServiceName } from '@bazaar/stack/servers/databases'
import { issueKey, KEY_GRANTS } from '@bazaar/stack/services/issue-keys'
import { makeSecrets } from '@bazaar/stack/services/secrets'
import { serviceEnvironment, serviceUrl } from '@bazaar/stack/services/services'
import { UNLIMITED } from '@bazaar/stack/services/unlimited'
import mysql from 'mysql2/promise'

/** The databases of the four services on the server for tests, with the accounts that a stack gives them. */
export async function createDatabases() {
  const prefix = `stores_${randomBytes(4).toString('hex')}`
  const server = { adminUrl: MYSQL_URL, prefix, userHost: '%' }
  const secrets = makeSecrets()
  const admin = await mysql.createConnection({ uri: MYSQL_URL })
  await ensureDatabases(server, secrets)
  for (const service of SERVICES)
    await migrateService(service, databaseUrl(server, { account: 'migrator', service, secrets }))
  const accountOf = (name: string) => `'${prefix}_${name}'@'%'`
  const nameOf = (service: ServiceName) => `${prefix}_${service}`
  return {
    server,
    secrets,
    admin,
    accountOf,
    nameOf,
    urlOf: (service: ServiceName) => databaseUrl(server, { account: service, service, secrets }),
    async drop() {
      for (const service of SERVICES) await admin.query(`drop database ${nameOf(service)}`)
      for (const account of [...SERVICES, 'migrator']) await admin.query(`drop user ${accountOf(account)}`)
      await admin.end()
    },
  }
}

/** Databases of the four services, and what an administrator needs of them. */
export type Databases = Awaited<ReturnType<typeof createDatabases>>

/**
 * Starts the four services on these databases, as processes, with variables on top. Answers their URLs by variable, and the
 * variables of each.
 */
export async function startMarketplace({ server, secrets }: Databases, extra: Record<string, string>) {
  const servicePorts = {
    iam: await freePort(),
    user: await freePort(),
    inventory: await freePort(),
    order: await freePort(),
  }
  const wiring = {
    database: server,
    redisUrls: { user: REDIS_URL, inventory: REDIS_URL, order: REDIS_URL },
    rabbitmqUrls: { user: RABBITMQ_URL, inventory: RABBITMQ_URL, order: RABBITMQ_URL },
    servicePorts,
    secrets,
    webOrigins: [],
    shopOrigin: 'http://localhost:4000',
    lettersFolder: await mkdtemp(join(tmpdir(), 'letters-')),
    extra: { ...UNLIMITED, BCRYPT_COST: '10', ...extra },
  }
  const running: RunningService[] = []
  const environments: Partial<Record<ServiceName, Record<string, string>>> = {}
  const start = async (service: ServiceName) => {
    const environment = serviceEnvironment(service, wiring)
    environments[service] = environment
    running.push(await startService(service, environment))
  }
  await start('iam')
  await start('inventory')
  for (const holder of ['user', 'order'] as const) {
    const { issuer } = KEY_GRANTS[holder]
    secrets.issuedKeys[holder] = await issueKey(holder, {
      issuerUrl: serviceUrl(servicePorts, issuer),
      bootstrapKey: secrets.bootstrapKeys[issuer],
      databaseAddress: 'tests',
      now: new Date(),
    })
    await start(holder)
  }
  return {
    urls: Object.fromEntries(
      SERVICES.map((service) => [`BAZAAR_${service.toUpperCase()}_URL`, serviceUrl(servicePorts, service)]),
    ),
    environments,
    stop: () => Promise.all(running.map((service) => service.stop())),
  }
}
