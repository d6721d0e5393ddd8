import { afterAll, expect, test } from 'bun:test'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { SERVICES } from '@bazaar/stack/servers/databases'
import { parseAllDocuments } from 'yaml'

const folder = mkdtempSync(join(tmpdir(), 'bazaar-secrets-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the program writes: the names of the secrets, and the statements for the databases. */
function made(...only: string[]) {
  const sql = join(folder, 'databases.sql')
  const args = [join(import.meta.dir, 'make-secrets.ts'), '--mysql', 'mysql:3306', '--sql', sql, ...only]
  const output = execFileSync(process.execPath, args, { encoding: 'utf8' })
  const names = parseAllDocuments(output).map((one) => one.toJS().metadata.name)
  const statements = readFileSync(sql, 'utf8')
  const named = new Set([...statements.matchAll(/\bbazaar(?:\\?_)(\w+)/g)].map(([, name]) => name))
  return { names, named }
}

test('make-secrets draws secrets, databases and accounts for all services', () => {
  const { names, named } = made()
  expect(names).toEqual([
    ...SERVICES.flatMap((service) => [`${service}-secrets`, `${service}-migration`]),
    'shop-secrets',
  ])
  expect(named).toEqual(new Set(['migrator', ...SERVICES]))
})

test.each([...SERVICES])('make-secrets --only %s draws nothing for the other services', (service) => {
  const { names, named } = made('--only', service)
  expect(names).toEqual([`${service}-secrets`, `${service}-migration`])
  expect(named).toEqual(new Set(['migrator', service]))
})
