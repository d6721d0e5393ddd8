import { expect, test } from 'bun:test'
import { externalServers } from './external.ts'

test('externalServers() takes the servers that are named and leaves the others to be private', () => {
  expect(
    externalServers({ BAZAAR_MYSQL_URL: 'mysql://root@db.example:3306/', BAZAAR_REDIS_URL: '' }),
  ).toEqual({
    mysql: 'mysql://root@db.example:3306',
  })
})

test('externalServers() names every malformed variable at once and shows none', () => {
  const wrong = { BAZAAR_MYSQL_URL: 'redis://secret@host', BAZAAR_RABBITMQ_URL: 'secret' }
  expect(() => externalServers(wrong)).toThrow(/BAZAAR_MYSQL_URL[\s\S]*BAZAAR_RABBITMQ_URL/)
  expect(() => externalServers(wrong)).not.toThrow(/secret@/)
})
