import { describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryFolder } from '../paths.ts'
import { SERVICES } from '../servers/databases.ts'
import { makeSecrets } from './secrets.ts'
import { serviceEnvironment, type Wiring } from './services.ts'

const issued = { key: 'bzk_dev_…', expiresAt: '', issuedAt: '' }
const wiring: Wiring = {
  database: { adminUrl: 'mysql://admin:secret@127.0.0.1:3406', prefix: 'bazaar', userHost: '127.0.0.1' },
  redisUrls: { user: 'redis://user', inventory: 'redis://inventory', order: 'redis://order' },
  rabbitmqUrls: { user: 'amqp://user', inventory: 'amqp://inventory', order: 'amqp://order' },
  servicePorts: { iam: 4001, user: 4002, inventory: 4003, order: 4004 },
  secrets: { ...makeSecrets(), issuedKeys: { user: issued, order: issued } },
  webOrigins: ['http://localhost:5173'],
  shopOrigin: 'http://localhost:4000',
  lettersFolder: '/letters',
  extra: { LOG_LEVEL: 'warn' },
}

describe('serviceEnvironment()', () => {
  test('tells every service only its own secrets', () => {
    for (const service of SERVICES) {
      const text = JSON.stringify(serviceEnvironment(service, wiring))
      const foreign = SERVICES.filter((other) => other !== service)
      for (const other of foreign) expect(text).not.toContain(wiring.secrets.passwords[other] ?? '?')
      expect(text.includes(wiring.secrets.pepper)).toBe(service === 'iam')
    }
  })

  test('lets the Swagger page of each service call the others', () => {
    expect(serviceEnvironment('iam', wiring)['CORS_ORIGINS']).toContain('http://localhost:4004')
  })

  test('lets the web pages that were named call every service', () => {
    for (const service of SERVICES)
      expect(serviceEnvironment(service, wiring)['CORS_ORIGINS']?.split(',')).toContain(
        'http://localhost:5173',
      )
  })

  test('lets what was asked for win', () => {
    expect(serviceEnvironment('order', wiring)['LOG_LEVEL']).toBe('warn')
  })

  test.each(SERVICES)('sets what the .env.example of %s documents', async (service) => {
    const example = await readFile(join(repositoryFolder, 'services', service, '.env.example'), 'utf8')
    const documented = example.match(/^[A-Z_]+(?==)/gm)
    const { LOG_LEVEL: _, ...set } = serviceEnvironment(service, wiring)
    expect(documented?.toSorted()).toEqual(Object.keys(set).toSorted())
  })
})
