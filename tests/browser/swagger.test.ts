import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { iamApi } from '@bazaar/shared/api/iam'
import { inventoryApi } from '@bazaar/shared/api/inventory'
import type { Api } from '@bazaar/shared/api/operation'
import { orderApi } from '@bazaar/shared/api/order'
import { userApi } from '@bazaar/shared/api/user'
import { newId } from '@bazaar/shared/database/columns'
import { until } from '@bazaar/shared/testing/until'
import type { Browser } from 'playwright-core'
import { newDetails, newPerson, urls } from '../journeys/world.ts'
import { openSwaggerPage, startBrowser } from './swagger-page.ts'

/** Chromium notes every refusal in the console as a resource that failed to load. */
const REFUSAL_NOTED = /Failed to load resource: the server responded with a status of 40[13]/

const services: [string, Api, string][] = [
  ['IAM', iamApi, urls.iam],
  ['User', userApi, urls.user],
  ['Inventory', inventoryApi, urls.inventory],
  ['Order', orderApi, urls.order],
]

const PHONE = { width: 390, height: 844 }

/** A cold browser on a busy machine needs longer than Bun's five seconds. */
setDefaultTimeout(300_000)

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

describe.each(services)('the Swagger page of %s', (_, api, url) => {
  test('shows every operation, under its tag, without a fault and without another machine', async () => {
    const { page, faults, operation, close } = await openSwaggerPage(browser, { url })
    expect(await page.title()).toBe(api.title)
    expect(await page.locator('.info').textContent()).toContain(api.description.split('.')[0] ?? '')
    expect(await page.locator('.opblock').count()).toBe(Object.keys(api.operations).length)
    for (const [id, { detail, method }] of Object.entries(api.operations)) {
      expect(await operation(id).textContent()).toContain(detail.summary)
      expect(await operation(id).textContent()).toContain(method)
    }
    const tags = new Set(Object.values(api.operations).map((one) => one.detail.tags[0]))
    expect(await page.locator('.opblock-tag').allInnerTexts()).toHaveLength(tags.size)
    expect(faults).toEqual([])
    await close()
  })
})

test('the Swagger page of all services sends each request to the service that it is for', async () => {
  const { page, faults, operation, tryOut, close } = await openSwaggerPage(browser, { url: urls.order })
  expect(await page.locator('.scheme-container select').count()).toBe(1)
  await page.getByRole('navigation').getByRole('button', { name: 'All', exact: true }).click()
  await page.locator('.opblock[id$="-readHomePage"]').waitFor()
  expect(await page.locator('.scheme-container select').count()).toBe(0)
  expect(await operation('placeReservation').count()).toBe(0)
  expect(await page.title()).toBe('Bazaar')
  const { status, request } = await tryOut('readHomePage')
  expect([status, new URL(request.url()).port]).toEqual([200, new URL(urls.inventory).port])
  const seller = await tryOut('readSeller', { parameters: { sellerId: newId() } })
  expect([seller.status, new URL(seller.request.url()).port]).toEqual([404, new URL(urls.user).port])
  expect(faults.filter((fault) => !/status of 404/.test(fault))).toEqual([])
  await close()
})

test('each Swagger page leads to the documents of all services', async () => {
  for (const [, , url] of services) {
    const { page, close } = await openSwaggerPage(browser, { url })
    const buttons = page.getByRole('navigation').getByRole('button')
    await buttons.nth(services.length).waitFor()
    expect(await buttons.allTextContents()).toEqual(['All', ...services.map(([name]) => name)])
    await close()
  }
  const { page, faults, operation, switchTo, close } = await openSwaggerPage(browser, { url: urls.order })
  for (const [name, api] of services) {
    await switchTo(name)
    await operation(Object.keys(api.operations)[0] ?? '').waitFor()
    expect(await page.locator('.opblock').count()).toBe(Object.keys(api.operations).length)
    expect(await page.title()).toBe(api.title)
  }
  expect(faults).toEqual([])
  await close()
})

test('the Swagger page fits a phone, is dark for readers who like that, and says how to begin', async () => {
  const { page, faults, operation, close } = await openSwaggerPage(browser, { url: urls.order })
  await page.setViewportSize(PHONE)
  await operation('placeOrder').locator('.opblock-summary-control').click()
  await operation('placeOrder').locator('.execute').waitFor()
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width)

  const colors = () => page.evaluate("getComputedStyle(document.querySelector('.swagger-ui')).colorScheme")
  await until('the page is light', async () => (await colors()) === 'normal', 30_000)
  await page.emulateMedia({ colorScheme: 'dark' })
  await until('the page is dark', async () => (await colors()) === 'dark', 30_000)
  expect(await page.getByRole('navigation').textContent()).toContain('log in by POST /sessions of User')
  expect(faults).toEqual([])
  await close()
})

describe('"Try it out"', () => {
  test('signs up and logs in at user, and then lists the orders at order with that session', async () => {
    const { tryOut, switchTo, page, faults, close } = await openSwaggerPage(browser, { url: urls.user })
    const details = newDetails()
    const signedUp = await tryOut('signUp', { body: { type: 'BUYER', name: 'Ada Lovelace', ...details } })
    expect(signedUp.status).toBe(201)
    expect(signedUp.body).toContain(details.email)

    const loggedIn = await tryOut('logIn', { body: { login: details.email, password: details.password } })
    expect(loggedIn.status).toBe(201)
    const { session } = JSON.parse(loggedIn.body)

    await switchTo('Order')
    const orders = await tryOut('listOrders')
    expect(orders.status).toBe(200)
    expect(JSON.parse(orders.body)).toEqual({ items: [], next: null })
    expect(orders.request.url()).toStartWith(`${urls.order}/orders`)
    expect(await orders.request.headerValue('session')).toBe(session)
    expect(await orders.request.headerValue('origin')).toBe(urls.user)

    await page.reload()
    expect((await tryOut('readProfile')).status).toBe(200)
    expect(faults).toEqual([])
    await close()
  })

  test('signs up and logs in with the examples as they stand, and stays so over a reload', async () => {
    const { tryOut, page, faults, close } = await openSwaggerPage(browser, { url: urls.user })
    expect(await page.getByRole('navigation').textContent()).toContain('sign up by POST /users')
    expect((await tryOut('signUp')).status).toBe(201)
    expect((await tryOut('logIn')).status).toBe(201)
    expect((await tryOut('addAddress')).status).toBe(201)
    await page.reload()
    const { status, body } = await tryOut('readProfile')
    expect([status, JSON.parse(body).name]).toEqual([200, 'Ada Lovelace'])
    expect(faults).toEqual([])
    await close()
  })

  test('takes a session by "Authorize", and shows a refusal without one', async () => {
    const { session } = await newPerson('BUYER')
    const { tryOut, page, faults, close } = await openSwaggerPage(browser, {
      url: urls.order,
      expectedFaults: REFUSAL_NOTED,
    })
    const refused = await tryOut('listOrders')
    expect(refused.status).toBe(401)
    expect(JSON.parse(refused.body)).toMatchObject({ status: 401, code: 'unauthenticated' })

    await page.locator('.auth-wrapper .authorize').click()
    const dialog = page.locator('.dialog-ux')
    await dialog.locator('input').fill(session)
    await dialog.getByRole('button', { name: 'Apply credentials' }).click()
    await dialog.getByRole('button', { name: 'Close' }).first().click()
    expect((await tryOut('listOrders')).status).toBe(200)
    await page.reload()
    expect((await tryOut('listOrders')).status).toBe(200)
    expect(faults).toEqual([])
    await close()
  })

  test('offers products with the example as it stands, each under a key of its own', async () => {
    const { session } = await newPerson('SELLER', 'The Kettle Shop')
    const { tryOut, page, faults, close } = await openSwaggerPage(browser, { url: urls.inventory })
    await page.evaluate(`authorize(${JSON.stringify(session)})`)
    const first = await tryOut('createProduct')
    expect(first.status).toBe(201)
    const second = await tryOut('createProduct')
    expect(second.status).toBe(201)
    expect(JSON.parse(second.body).id).not.toBe(JSON.parse(first.body).id)

    const own = await tryOut('createProduct', { parameters: { 'Idempotency-Key': 'my-own-key-0123456789' } })
    expect(await own.request.headerValue('idempotency-key')).toBe('my-own-key-0123456789')
    const again = await tryOut('createProduct')
    expect(JSON.parse(again.body).id).toBe(JSON.parse(own.body).id)
    expect(faults).toEqual([])
    await close()
  })

  test('tells a service without an API key that it is not let in', async () => {
    const { tryOut, close } = await openSwaggerPage(browser, { url: urls.iam })
    const refused = await tryOut('listApiKeys')
    expect(JSON.parse(refused.body)).toMatchObject({ status: 401, code: 'unauthenticated' })
    await close()
  })
})
