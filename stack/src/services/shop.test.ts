import { expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryFolder } from '../paths.ts'
import { denoPermissions } from './deno-permissions.ts'
import { makeSecrets } from './secrets.ts'
import { shopEnvironment } from './shop.ts'

const secrets = makeSecrets()
const environment = shopEnvironment(4000, {
  database: { adminUrl: 'mysql://admin:secret@127.0.0.1:3406', prefix: 'bazaar', userHost: '127.0.0.1' },
  redisUrls: { user: 'redis://user', inventory: 'redis://inventory', order: 'redis://order' },
  rabbitmqUrls: { user: 'amqp://user', inventory: 'amqp://inventory', order: 'amqp://order' },
  servicePorts: { iam: 4001, user: 4002, inventory: 4003, order: 4004 },
  secrets,
  webOrigins: [],
  shopOrigin: 'http://localhost:4000',
  lettersFolder: '/letters',
  extra: {},
})

test('shopEnvironment() sets what the .env.example of the shop documents', async () => {
  const example = await readFile(join(repositoryFolder, 'shop', '.env.example'), 'utf8')
  expect(example.match(/^[A-Z_]+(?==)/gm)?.toSorted()).toEqual(Object.keys(environment).toSorted())
})

test('shopEnvironment() tells the shop neither where a store is nor a key of a service', () => {
  const text = JSON.stringify(environment)
  expect(text).not.toMatch(/mysql|redis:|amqp|4001/)
  for (const key of [
    ...Object.values(secrets.bootstrapKeys),
    ...Object.values(secrets.passwords),
    secrets.pepper,
  ])
    expect(text).not.toContain(key)
})

test('denoPermissions() lets the shop reach user, inventory and order, and write nothing', () => {
  const options = denoPermissions('shop', environment)
  expect(options).toContain('--allow-net=127.0.0.1:4000,127.0.0.1:4002,127.0.0.1:4003,127.0.0.1:4004')
  expect(options.filter((option) => /allow-(all|write|run|ffi|import)|^-A$/.test(option))).toEqual([])
})
