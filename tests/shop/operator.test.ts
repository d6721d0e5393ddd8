import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import type { RunningService } from '@bazaar/shared/testing/service'
import { startTcpProxy, type TcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import { until } from '@bazaar/shared/testing/until'
import { urls } from '../journeys/world.ts'
import { startShop } from './shop.ts'

setDefaultTimeout(480_000)

const KEY = randomBytes(32).toString('base64url')

let inventory: TcpProxy
let development: RunningService
let production: RunningService
let closed: RunningService

beforeAll(async () => {
  inventory = await startTcpProxy(urls.inventory)
  const kept = { ENVIRONMENT: 'production', ORIGINS: 'https://shop.example' }
  ;[development, production, closed] = await Promise.all([
    startShop({ INVENTORY_URL: `http://127.0.0.1:${inventory.port}` }),
    startShop({ ...kept, OPERATOR_KEY: KEY }),
    startShop(kept),
  ])
})
afterAll(async () => {
  await Promise.all([development, production, closed].map((shop) => shop?.stop()))
  await inventory?.close()
})

async function look(shop: RunningService, authorization?: string) {
  const answer = await fetch(`${shop.url}/operator`, { headers: authorization ? { authorization } : {} })
  const text = (await answer.text()).replaceAll(/<[^>]+>/g, '|').replaceAll(/\|+/g, '|')
  return { answer, text }
}

const basic = (password: string) => `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`

test('the operator sees how each service is, and what is waiting', async () => {
  // A busy machine may have a service say that it is not ready.
  const text = await until('all services are ready', async () => {
    const { text } = await look(development)
    return ['user', 'inventory', 'order'].every((service) => text.includes(`|${service}|Ready`)) && text
  })
  expect(text).toMatch(/\|Orders being completed\|[0-9,]+\|[0-9,]+ s\|/)
  expect(text).toMatch(/\|Messages to be sent\|[0-9,]+\|[0-9,]+ s\|/)
  for (const what of [
    'Messages set aside',
    'Differences found',
    'Changes that would have broken an invariant',
  ])
    expect(text).toMatch(new RegExp(`\\|${what}[^|]*\\|[0-9,]+\\|`))
})

test('a service that is away is told, and the others all the same', async () => {
  await inventory.setMode('refuse')
  inventory.cut()
  try {
    const { answer, text } = await look(development)
    expect(answer.status).toBe(200)
    expect(text).toContain('|inventory|Does not answer')
    expect(text).toMatch(/\|order\|(Ready|Not ready)/)
  } finally {
    await inventory.setMode('pass')
  }
})

test('in production only the operator key opens it, and without one there is no such page', async () => {
  for (const presented of [
    undefined,
    basic(''),
    basic(`${KEY}x`),
    `Bearer ${KEY}`,
    basic(KEY).slice(0, -4),
  ]) {
    const { answer, text } = await look(production, presented)
    expect([answer.status, text.includes('|order|')]).toEqual([401, false])
    expect(answer.headers.get('www-authenticate')).toStartWith('Basic')
  }
  const { answer, text } = await look(production, basic(KEY))
  expect([answer.status, text.includes('|order|')]).toEqual([200, true])
  expect((await look(closed, basic(''))).answer.status).toBe(404)
})
