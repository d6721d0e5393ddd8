import { randomBytes } from 'node:crypto'
import process from 'node:process'
import mysql from 'mysql2/promise'
import { migrateService } from '../migrate.ts'

/* The servers that tests run against, as the environment names them, and databases for single tests. */

/** An administrator's URL of the MySQL or MariaDB server for tests. */
export const MYSQL_URL = process.env['TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306'
/** The Redis server for tests. */
export const REDIS_URL = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
/** The RabbitMQ server for tests. */
export const RABBITMQ_URL = process.env['TEST_RABBITMQ_URL'] ?? 'amqp://guest:guest@127.0.0.1:5672'

/** A database that only one test file uses, with the service's tables. `drop` removes it. */
export type TestDatabase = { url: string; name: string; drop: () => Promise<void> }

/** Creates a database of a service on the server for tests, and migrates it. */
export async function createTestDatabase(service: string): Promise<TestDatabase> {
  const name = `test_${service}_${randomBytes(6).toString('hex')}`
  const url = new URL(`/${name}`, MYSQL_URL).href
  await administer(`create database ${name} character set utf8mb4`)
  await migrateService(service, url)
  return { url, name, drop: () => administer(`drop database if exists ${name}`) }
}

async function administer(statement: string): Promise<void> {
  const connection = await mysql.createConnection({ uri: MYSQL_URL })
  try {
    await connection.query(statement)
  } finally {
    await connection.end()
  }
}
