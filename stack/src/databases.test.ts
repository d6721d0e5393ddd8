import { expect, test } from 'bun:test'
import { accountStatements, type DatabaseServer, databaseUrl } from './databases.ts'
import { makeSecrets } from './secrets.ts'

const server: DatabaseServer = {
  adminUrl: 'mysql://admin:secret@127.0.0.1:3406',
  prefix: 'bazaar',
  userHost: '127.0.0.1',
}
const secrets = makeSecrets()

test('accountStatements() gives a service rows but no tables, and only in its own database', () => {
  const grants = accountStatements(server, secrets).filter((statement) =>
    statement.endsWith("TO 'bazaar_order'@'127.0.0.1'"),
  )
  expect(grants).toEqual([
    "GRANT SELECT, INSERT, UPDATE, DELETE ON `bazaar\\_order`.* TO 'bazaar_order'@'127.0.0.1'",
  ])
})

test('accountStatements() lets only the migrator change tables', () => {
  const changing = accountStatements(server, secrets).filter((statement) =>
    /\b(CREATE|ALTER|DROP), /.test(statement),
  )
  expect(changing).toHaveLength(4)
  expect(changing.every((statement) => statement.endsWith("TO 'bazaar_migrator'@'127.0.0.1'"))).toBe(true)
})

test('databaseUrl() enters the database of a service as the account asked for', () => {
  const password = secrets.passwords['migrator']
  expect(databaseUrl(server, { account: 'migrator', service: 'iam', secrets })).toBe(
    `mysql://bazaar_migrator:${password}@127.0.0.1:3406/bazaar_iam`,
  )
})
