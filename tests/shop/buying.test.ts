import { describe, expect, test } from 'bun:test'
import { inventory, market, orders, type Person, stockOf, users } from '../journeys/world.ts'
import { openShop } from './open-shop.ts'
import { logIn, signUp, type Visitor, visit, writeAddress } from './shop.ts'

const { shop, browser } = await openShop()

/** Puts so much of a product into the basket. */
async function put(visitor: Visitor, productId: string, quantity = 1) {
  await visitor.at(`/products/${productId}`)
  await visitor.fill('Quantity', String(quantity))
  await visitor.press('Add to basket')
  await visitor.page.getByText('It is in your basket.').waitFor()
}

/** Ends all sessions of somebody, as they would on another device. */
async function endSessions({ email: login, password }: Person) {
  const { body } = await users.logIn({ body: { login, password } })
  await users.logOutEverywhere({ session: body.session })
}

describe.each([
  ['with script', true],
  ['without script', false],
])('%s', (_, javaScriptEnabled) => {
  test('somebody new fills a basket, signs up, orders, and cancels some and then all', async () => {
    const { cup, pot } = await market()
    const visitor = await visit(browser, shop, { javaScriptEnabled })
    const { page } = visitor
    await put(visitor, cup, 2)
    await put(visitor, pot)
    expect(await visitor.text()).toContain('€30.00')
    await page.getByRole('link', { name: 'Check out' }).click()
    await page.getByRole('link', { name: 'New here? Sign up' }).click()
    await signUp(visitor, 'buy', 'Ada Lovelace')
    // On the way to where they were, with the basket that was filled before.
    await page.getByText('Where should your order go?').waitFor()
    expect(await page.getByLabel('Country').inputValue()).toBe('GB')
    await writeAddress(visitor)
    expect(new URL(page.url()).pathname).toBe('/checkout')
    await visitor.press('Order and pay €30.00')
    await page.getByText('Thank you! Your order is placed.').waitFor()
    expect(await stockOf(cup)).toBe(8)

    await page.getByText('Cancel the order, or some of it').click()
    await visitor.fill('How many of Cup', '1')
    await visitor.press('Cancel what is chosen')
    await page.getByText('1 cancelled').waitFor()
    expect(await visitor.text()).toContain('€25.00')

    await page.getByText('Cancel the order, or some of it').click()
    await visitor.press('Cancel the whole order')
    await page.locator('h1 .cancelled').waitFor()
    await page.getByRole('link', { name: 'Basket' }).click()
    expect(await visitor.text()).toContain('Your basket is empty.')
    expect(visitor.faults).toEqual([])
    await visitor.close()
  })
})

test('a declined card is told, and another way to pay confirms the order', async () => {
  const { buyer, cup } = await market()
  const visitor = await visit(browser, shop)
  const { page } = visitor
  await put(visitor, cup)
  await logIn(visitor, buyer)
  await visitor.at('/checkout')
  await page.getByLabel('Card of the sandbox').selectOption('tok_declined_0002')
  await visitor.press('Order and pay €5.00')
  await page.getByText('The payment was declined. Nothing was charged').waitFor()
  await page.getByLabel('Cash on delivery').check()
  await visitor.press('Pay €5.00')
  await page.getByText('Thank you! The order is paid.').waitFor()
  expect(await page.locator('h1').textContent()).toContain('Confirmed')
  await visitor.close()
})

test('an order that is kept says so, and the page moves on by itself', async () => {
  const { buyer, cup } = await market()
  const visitor = await visit(browser, shop, { javaScriptEnabled: false })
  const { page } = visitor
  await put(visitor, cup)
  await logIn(visitor, buyer)
  await visitor.at('/checkout')
  await page.getByLabel('Card of the sandbox').selectOption('tok_timeout_0044')
  await visitor.press('Order and pay €5.00')
  await page.waitForURL(/\/orders\//)
  await page.getByText('is being completed').waitFor()
  // Nobody presses anything: the browser asks again until the order is decided.
  await page.locator('h1 .badge:not(.pending)').waitFor({ timeout: 60_000 })
  await visitor.close()
})

test('a form that is sent twice is one order', async () => {
  const { buyer, cup } = await market()
  const visitor = await visit(browser, shop)
  const { page } = visitor
  await put(visitor, cup)
  await logIn(visitor, buyer)
  await visitor.at('/checkout')
  const form = await page
    .locator('main form')
    .evaluate((element) => Object.fromEntries(new FormData(element as HTMLFormElement).entries()))
  const send = () =>
    visitor.context.request.post(`${shop.url}/checkout`, {
      form: form as Record<string, string>,
      headers: { origin: shop.url, 'sec-fetch-site': 'same-origin' },
      maxRedirects: 0,
    })
  const answers = await Promise.all([send(), send()])
  const after = await send()
  const places = [...answers, after].map((answer) => answer.headers()['location'])
  expect(new Set(places).size).toBe(1)
  expect(places[0]).toMatch(/^\/orders\/[0-9a-f-]{36}$/)
  const { body } = await orders.listOrders({ session: buyer.session })
  expect(body.items.length).toBe(1)
  expect(await stockOf(cup)).toBe(9)
  await visitor.close()
})

test('the basket tells a changed price, and what is gone', async () => {
  const { anna, bert, cup, pot } = await market()
  const visitor = await visit(browser, shop)
  await put(visitor, cup)
  await put(visitor, pot)
  const { body, headers } = await inventory.readProduct({ params: { productId: cup } })
  await inventory.changeProduct({
    session: anna.session,
    params: { productId: cup },
    ifMatch: headers.get('etag') ?? '',
    body: { priceMinor: body.priceMinor + 100 },
  })
  await inventory.archiveProduct({ session: bert.session, params: { productId: pot } })
  await visitor.at('/basket')
  const text = await visitor.text()
  expect(text).toContain('The price changed from €5.00 to €6.00.')
  expect(text).toContain('This is no longer sold.')
  expect(await visitor.page.getByRole('link', { name: 'Check out' }).count()).toBe(0)
  await visitor.page.getByRole('button', { name: 'Remove Pot' }).click()
  await visitor.page.getByRole('link', { name: 'Check out' }).waitFor()
  await visitor.close()
})

test('a price that changes on the way to the order is told, and nothing is ordered', async () => {
  const { anna, buyer, cup } = await market()
  const visitor = await visit(browser, shop, { expectedFaults: /409/ })
  await put(visitor, cup)
  await logIn(visitor, buyer)
  await visitor.at('/checkout')
  const { headers } = await inventory.readProduct({ params: { productId: cup } })
  await inventory.changeProduct({
    session: anna.session,
    params: { productId: cup },
    ifMatch: headers.get('etag') ?? '',
    body: { priceMinor: 700 },
  })
  await visitor.press('Order and pay €5.00')
  await visitor.page.getByText('A price has changed.').waitFor()
  await visitor.press('Order and pay €7.00')
  await visitor.page.getByText('Thank you! Your order is placed.').waitFor()
  await visitor.close()
})

test('a form that is sent after the session ended is kept through the log-in, and is one order', async () => {
  const { buyer, cup } = await market()
  const visitor = await visit(browser, shop, { expectedFaults: /401/ })
  const { page } = visitor
  await put(visitor, cup)
  await logIn(visitor, buyer)
  await visitor.at('/checkout')
  await page.getByLabel('Cash on delivery').check()
  await endSessions(buyer)
  await visitor.press('Order and pay €5.00')
  await page.getByText('Your session has ended.').waitFor()
  await visitor.fill(/E-mail/, buyer.email)
  await visitor.fill('Password', 'not the password')
  await visitor.press('Log in')
  await page.getByText('The name or the password is wrong.').waitFor()
  await visitor.fill('Password', buyer.password)
  await visitor.press('Log in')
  await visitor.press('Send it now')
  await page.getByText('Thank you! Your order is placed.').waitFor()
  expect(await visitor.text()).toContain('Cash on delivery')
  expect(await stockOf(cup)).toBe(9)
  expect(visitor.faults).toEqual([])
  await visitor.close()
})

test('a session that ended leads back to where they were', async () => {
  const { buyer } = await market()
  const visitor = await visit(browser, shop)
  await logIn(visitor, buyer)
  await endSessions(buyer)
  await visitor.at('/orders?cursor=')
  await visitor.page.getByText('Your session has ended.').waitFor()
  await logIn(visitor, buyer)
  expect(new URL(visitor.page.url()).pathname).toBe('/orders')
  await visitor.close()
})
