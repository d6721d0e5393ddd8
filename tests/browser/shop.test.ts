import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writePackage } from '@bazaar/client/build/package'
import { type RunningService, startService } from '@bazaar/shared/testing/service'
import type { Browser, Page } from 'playwright-core'
import { newPerson, type Person } from '../journeys/world.ts'
import { environments } from '../security/system/stack.ts'
import { type ShopServer, startShop } from './shop-server.ts'
import { collectFaults, startBrowser } from './swagger-page.ts'

const PICTURE = fileURLToPath(new URL('../../stack/seed/pictures/enamel-kettle-tomato.webp', import.meta.url))

/** A cold browser on a busy machine needs longer than Bun's five seconds. */
setDefaultTimeout(120_000)

let browser: Browser
let client: string
let shop: ShopServer
let stranger: ShopServer
/** Services of the stack's stores that let the pages of the shop call them. */
let services: Record<'user' | 'inventory' | 'order', RunningService>

beforeAll(async () => {
  client = mkdtempSync(join(tmpdir(), 'bazaar-shop-'))
  writePackage(client)
  const addresses = () => Object.fromEntries(Object.entries(services).map(([name, { url }]) => [name, url]))
  shop = await startShop(client, addresses)
  stranger = await startShop(client, addresses)
  const start = (name: 'user' | 'inventory' | 'order') => {
    const { PORT: _, ...environment } = environments[name]
    return startService(name, { ...environment, CORS_ORIGINS: shop.origin })
  }
  const [user, inventory, order] = await Promise.all([start('user'), start('inventory'), start('order')])
  services = { user, inventory, order }
  browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  shop?.server.close()
  stranger?.server.close()
  await Promise.all(Object.values(services ?? {}).map((service) => service.stop()))
  rmSync(client, { recursive: true, force: true })
})

test('a page on another port offers a product with its picture, and another one buys it', async () => {
  const seller = await openShop(shop, await newPerson('SELLER', 'The Kettle Shop'))
  await seller.page.getByLabel('Picture').setInputFiles(PICTURE)
  const productId = await seller.press('Offer', /^[0-9a-f-]{36}$/)
  expect(await seller.page.locator('progress').evaluate((one) => Reflect.get(one, 'value'))).toBe(1)
  await seller.page.waitForFunction('document.querySelector("#picture").naturalWidth > 100')

  const buyer = await openShop(shop, await newPerson('BUYER'))
  await buyer.page.getByLabel('Product').fill(productId)
  expect(await buyer.press('Buy', /^[A-Z]/)).toBe('CONFIRMED 5600')

  await buyer.page.reload()
  await buyer.page.locator('#name', { hasText: 'Ada Lovelace' }).waitFor()
  expect([...seller.faults, ...buyer.faults]).toEqual([])
})

test('a page on a port that nobody named can call nothing', async () => {
  const person = await newPerson('BUYER')
  const { page, faults, press } = await visit(stranger)
  await page.getByLabel('E-mail address').fill(person.email)
  await page.getByLabel('Password').fill(person.password)
  expect(await press('Log in', /./)).toBe('UnreachableError')
  expect(faults.join('\n')).toContain('blocked by CORS policy')
})

async function openShop(server: ShopServer, person: Person) {
  const visitor = await visit(server)
  await visitor.page.getByLabel('E-mail address').fill(person.email)
  await visitor.page.getByLabel('Password').fill(person.password)
  await visitor.press('Log in', /^Hello/)
  return visitor
}

/** The page in a window of its own. `press` answers what it then says. */
async function visit({ origin }: ShopServer) {
  const page: Page = await (await browser.newContext()).newPage()
  const faults = collectFaults(page, undefined)
  await page.goto(`${origin}/shop.html`, { waitUntil: 'networkidle' })
  const press = async (button: string, said: RegExp) => {
    await page.getByRole('button', { name: button, exact: true }).click()
    const output = page.locator('output', { hasText: said })
    await output.waitFor()
    return (await output.textContent()) ?? ''
  }
  return { page, faults, press }
}
