import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/mysql2'
import { migrate } from 'drizzle-orm/mysql2/migrator'
import mysql from 'mysql2/promise'

const LOCK_SECONDS = 60

/**
 * Brings a service's database up to its newest migration. Several at once are safe: a named lock of the database lets
 * one work while the others wait; they then find nothing to do.
 */
export async function migrateService(service: string, url: string): Promise<void> {
  const migrationsFolder = fileURLToPath(new URL(`../services/${service}/migrations`, import.meta.url))
  const connection = await mysql.createConnection({ uri: url, timezone: 'Z', charset: 'utf8mb4' })
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(
      'select get_lock(concat(database(), ".migrate"), ?) as got',
      [LOCK_SECONDS],
    )
    if (rows[0]?.['got'] !== 1)
      throw new Error(`Cannot migrate ${service}: another migration has been running for ${LOCK_SECONDS} s`)
    await migrate(drizzle({ client: connection }), { migrationsFolder })
  } finally {
    await connection.end()
  }
}

if (import.meta.main) {
  const [service] = process.argv.slice(2)
  const url = process.env['MIGRATION_DATABASE_URL']
  if (!service || !url) {
    process.stderr.write(
      'Usage: MIGRATION_DATABASE_URL=mysql://user:password@host:port/database bun shared/migrate.ts <service>\n',
    )
    process.exit(2)
  }
  await migrateService(service, url)
  // If nobody is there to issue the first keys, they are made beforehand and accepted here.
  const keys = process.env['CALLER_API_KEYS']
  if (keys) {
    // Loaded only now, because a migration alone needs little of it.
    const [{ acceptKeys }, { createLog }] = await Promise.all([
      import('./auth/accept-keys.ts'),
      import('./telemetry/log.ts'),
    ])
    await acceptKeys(keys, { url, log: createLog({ service: 'migration', level: 'warn' }) })
  }
}
