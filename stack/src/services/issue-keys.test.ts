import { expect, test } from 'bun:test'
import { keysToIssue } from './issue-keys.ts'
import { makeSecrets } from './secrets.ts'

const now = new Date('2026-06-01T00:00:00Z')
const lasting = { key: 'bzk_…', expiresAt: '2027-06-01T00:00:00Z', issuedAt: 'private' }

test('keysToIssue() asks for both keys the first time', () => {
  expect(keysToIssue(makeSecrets(), 'private', now)).toEqual(['user', 'order'])
})

test('keysToIssue() asks for none when both will last', () => {
  const secrets = { ...makeSecrets(), issuedKeys: { user: lasting, order: lasting } }
  expect(keysToIssue(secrets, 'private', now)).toEqual([])
})

test('keysToIssue() asks again for a key that ends within a month, or that another database knows', () => {
  const ending = { ...lasting, expiresAt: '2026-06-15T00:00:00Z' }
  const foreign = { ...lasting, issuedAt: 'db.example:3306' }
  const secrets = { ...makeSecrets(), issuedKeys: { user: ending, order: foreign } }
  expect(keysToIssue(secrets, 'private', now)).toEqual(['user', 'order'])
})
