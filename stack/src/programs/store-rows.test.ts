import { describe, expect, test } from 'bun:test'
import { expectVersions, refuseBoth, STORE_ROWS, storeRow } from './store-rows.ts'

const versions = { mysql: 'MariaDB 11.8.9', redis: 'Redis 8.0.2', rabbitmq: 'RabbitMQ 4.0.5' }

describe('storeRow()', () => {
  test('finds each row by its name', () => {
    for (const row of STORE_ROWS) expect(storeRow(row.name)).toBe(row)
  })

  test('names the rows that there are when it is asked for another', () => {
    expect(() => storeRow('oracle')).toThrow(
      'There are no stores "oracle"; there are debian12, debian13, mysql.',
    )
  })
})

describe('expectVersions()', () => {
  test('lets pass what the row promises', () => {
    expect(() => expectVersions(storeRow('debian13'), versions)).not.toThrow()
  })

  test.each([
    ['another version', { ...versions, mysql: 'MariaDB 11.80.1' }, 'MariaDB 11.80.1'],
    ['another server', { ...versions, redis: 'Valkey 8.0.2' }, 'Valkey 8.0.2'],
    ['one that is silent', { ...versions, rabbitmq: 'does not answer (ECONNREFUSED)' }, 'does not answer'],
  ])('refuses %s', (_what, other, message) => {
    expect(() => expectVersions(storeRow('debian13'), other)).toThrow(message)
  })
})

test('refuseBoth() lets a row be chosen only where no server is given', () => {
  expect(() => refuseBoth(storeRow('mysql'), {})).not.toThrow()
  expect(() => refuseBoth(storeRow('mysql'), { redis: 'redis://127.0.0.1' })).toThrow(
    'Unset BAZAAR_MYSQL_URL',
  )
})
