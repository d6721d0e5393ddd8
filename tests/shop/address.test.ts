import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { RunningService } from '@bazaar/shared/testing/service'
import { newPerson } from '../journeys/world.ts'
import { startShop } from './shop.ts'

/* The services count wrong passwords by the address of the visitor, which only the shop knows. */

setDefaultTimeout(480_000)

const WRONG_MAX = 12

let behindProxy: RunningService
let alone: RunningService

beforeAll(async () => {
  ;[behindProxy, alone] = await Promise.all([startShop({ TRUSTED_PROXIES: '127.0.0.1' }), startShop()])
})
afterAll(async () => {
  await Promise.all([behindProxy?.stop(), alone?.stop()])
})

/** Logs in through the form, as if through a proxy that says from where. */
async function logInFrom(shop: RunningService, address: string, given: { email: string; password: string }) {
  const page = await fetch(`${shop.url}/log-in`, { headers: { 'x-forwarded-for': address } })
  const token = /name="token" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const answer = await fetch(`${shop.url}/log-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      cookie: page.headers.getSetCookie()[0]?.split(';')[0] ?? '',
      origin: shop.url,
      'sec-fetch-site': 'same-origin',
      'x-forwarded-for': address,
    },
    body: new URLSearchParams({ token, login: given.email, password: given.password }),
  })
  return answer.status
}

/** Tries wrong passwords from an address until it has to wait. */
async function beLockedOut(shop: RunningService, address: string, email: string) {
  for (let attempt = 0; attempt < WRONG_MAX; attempt++)
    if ((await logInFrom(shop, address, { email, password: 'not the password' })) === 429) return
  throw new Error('Nobody had to wait')
}

test('wrong passwords from one address keep nobody waiting at another', async () => {
  const owner = await newPerson('BUYER')
  expect(await logInFrom(behindProxy, '203.0.113.1', owner)).toBe(303)
  await beLockedOut(behindProxy, '203.0.113.2', owner.email)
  expect(await logInFrom(behindProxy, '203.0.113.2', owner)).toBe(429)
  expect(await logInFrom(behindProxy, '203.0.113.1', owner)).toBe(303)
})

test('an address that a visitor makes up is not believed', async () => {
  const owner = await newPerson('BUYER')
  expect(await logInFrom(alone, '203.0.113.1', owner)).toBe(303)
  await beLockedOut(alone, '203.0.113.2', owner.email)
  expect(await logInFrom(alone, '203.0.113.1', owner)).toBe(429)
})
