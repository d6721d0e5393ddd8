import { expect, test } from 'bun:test'
import { makeSecrets } from '../services/secrets.ts'
import { accountStatements, type DatabaseServer, databaseUrl, SERVICES } from './databases.ts'

const server: DatabaseServer = {
  adminUrl: 'mysql://admin:secret@127.0.0.1:3406',
  prefix: 'bazaar',
  userHost: '127.0.0.1',
}
const secrets = makeSecrets()

test('accountStatements() gives a service rows but no tables, and only in its own database', () => {
  const grants = accountStatements(server, { secrets, services: SERVICES }).filter((statement) =>
    /(TO|FROM) 'bazaar_order'@'127.0.0.1'$/.test(statement),
  )
  expect(grants.every((grant) => /ON `bazaar(\\_|_)order`\./.test(grant))).toBe(true)
  expect(grants).toContain(
    "GRANT CREATE, UPDATE, DELETE ON `bazaar_order`.`orders` TO 'bazaar_order'@'127.0.0.1'",
  )
  const created = grants.filter((grant) => grant.startsWith('GRANT CREATE')).length
  expect(grants.filter((grant) => grant.startsWith('REVOKE CREATE'))).toHaveLength(created)
})

test('accountStatements() lets nobody change or remove what happened', () => {
  const statements = accountStatements(server, { secrets, services: SERVICES })
  for (const table of ['stock_movements', 'order_events'])
    expect(statements.filter((statement) => statement.includes(table))).toEqual([])
  for (const service of ['inventory', 'order'])
    expect(statements).toContain(
      `REVOKE UPDATE, DELETE ON \`bazaar\\_${service}\`.* FROM 'bazaar_${service}'@'127.0.0.1'`,
    )
})

test('accountStatements() lets only the migrator change tables', () => {
  const changing = accountStatements(server, { secrets, services: SERVICES }).filter((statement) =>
    /\b(CREATE|ALTER|DROP), (?!UPDATE, DELETE ON)/.test(statement),
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
