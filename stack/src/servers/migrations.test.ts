import { expect, test } from 'bun:test'
import { reasonIn } from './migrations.ts'

const outputOf = (code: string, said?: string) =>
  `13 | await connect()\nerror: it failed\n${said ? ` sqlMessage: "${said}",\n` : ''}      code: "${code}"\n\n      at migrateService (shared/migrate.ts:15:34)\n`

test('reasonIn() advises a reset only when the migration itself did not fit', () => {
  const exists = reasonIn(outputOf('ER_TABLE_EXISTS_ERROR', "Table 'users' already exists"))
  expect(exists).toStartWith("Table 'users' already exists\n")
  expect(exists).toContain('./bazaar reset')
  for (const code of ['ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR'])
    expect(reasonIn(outputOf(code, 'Access denied'))).toBe('Access denied')
})

test('reasonIn() says that the database cannot be reached, without a stack', () => {
  expect(reasonIn(outputOf('ECONNREFUSED'))).toBe('the database does not answer (ECONNREFUSED). Try again')
})

test('reasonIn() leaves alone what it cannot read', () => {
  expect(reasonIn('Killed')).toBe('Killed')
})
