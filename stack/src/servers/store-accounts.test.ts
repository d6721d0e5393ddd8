import { describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { messages } from '@bazaar/shared/api/messages'
import { makeApiKey, makeSecrets } from '../services/secrets.ts'
import { brokerDefinitions, hashPassword } from './rabbitmq.ts'
import { accessRules } from './redis.ts'

const { passwords } = makeSecrets()

describe('accessRules()', () => {
  const rules = accessRules(passwords)

  test('switches the nameless user off and shows no password', () => {
    expect(rules).toStartWith('user default off resetpass ')
    for (const password of Object.values(passwords)) expect(rules).not.toContain(password)
  })

  test('lets inventory and order look sessions up and count requests, and no more', () => {
    for (const name of ['inventory', 'order']) {
      const rule = rules.split('\n').find((line) => line.startsWith(`user ${name} on `))
      expect(rule).toEndWith(
        'resetchannels ~session:* ~rate:* +@connection -@dangerous +info +get +pexpire +incrby +pttl +eval +evalsha +script|load',
      )
    }
  })
})

describe('brokerDefinitions()', () => {
  const { permissions, topic_permissions: topics } = brokerDefinitions(passwords)
  const allowed = (user: string, right: 'configure' | 'write' | 'read', name: string) =>
    permissions.some(
      (one) => one.user === user && one.vhost === 'bazaar' && new RegExp(one[right]).test(name),
    )

  test.each([
    ['configure', 'bazaar', true],
    ['configure', 'bazaar.dead', true],
    ['configure', 'order.stock-released', true],
    ['configure', 'inventory.order-cancelled', false],
    ['configure', 'bazaars', false],
    ['configure', 'amq.default', false],
    ['write', 'amq.default', true],
    ['read', 'inventory.order-cancelled', false],
    ['read', 'order.stock-released', true],
  ] as const)('lets order %s %s: %p', (right, name, wanted) => {
    expect(allowed('order', right, name)).toBe(wanted)
  })

  test('lets nobody announce what happened in another service', () => {
    const announces = (user: string, key: string) =>
      topics.some((topic) => topic.user === user && new RegExp(topic.write).test(key))
    expect(announces('order', 'order.cancelled.v1')).toBe(true)
    expect(announces('order', 'stock.released.v1')).toBe(false)
    expect(announces('inventory', 'stock.released.v1')).toBe(true)
    expect(announces('inventory', 'order.cancelled.v1')).toBe(false)
    for (const type of Object.keys(messages)) expect(announces('user', type)).toBe(false)
  })
})

test('hashPassword() puts the salt before the SHA-256 of salt and password', () => {
  const salt = Buffer.from('908dc60a', 'hex')
  const digest = createHash('sha256').update(salt).update('test12').digest()
  expect(hashPassword('test12', salt)).toBe(Buffer.concat([salt, digest]).toString('base64'))
  // The example of RabbitMQ's manual, https://www.rabbitmq.com/docs/passwords
  expect(hashPassword('test12', salt)).toBe('kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR')
})

test('makeApiKey() draws keys in the form that services accept', () => {
  expect(makeApiKey()).toMatch(/^bzk_[a-z]+_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/)
})
