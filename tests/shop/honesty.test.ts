import { afterAll, describe, expect, test } from 'bun:test'
import { startTcpProxy, type TcpProxy } from '@bazaar/shared/testing/tcp-proxy'
import { market, newDetails, newPerson, orders, place, stockOf, urls } from '../journeys/world.ts'
import { openShop } from './open-shop.ts'
import { logIn, signUp, type Visitor, visit, writeAddress } from './shop.ts'

/* What the shop says while a part of it is away, is asked too often, or is slow to tell what became of an order. */

const [user, inventory, order] = await Promise.all([
  startTcpProxy(urls.user),
  startTcpProxy(urls.inventory),
  startTcpProxy(urls.order),
])
const gates = { user, inventory, order }
const { shop, browser } = await openShop({
  USER_URL: `http://127.0.0.1:${user.port}`,
  INVENTORY_URL: `http://127.0.0.1:${inventory.port}`,
  ORDER_URL: `http://127.0.0.1:${order.port}`,
  SERVICE_TIMEOUT_MS: '3000',
})
afterAll(() => Promise.all(Object.values(gates).map((gate) => gate.close())))

/** As when the service has ended: nobody listens, and what was open is closed. */
async function shut(gate: TcpProxy) {
  await gate.setMode('refuse')
  gate.cut()
}

async function fillBasket(visitor: Visitor, productId: string) {
  await visitor.at(`/products/${productId}`)
  await visitor.press('Add to basket')
  await visitor.page.getByText('It is in your basket.').waitFor()
}

describe('while one of the services is away', () => {
  test('inventory: orders can be read, the window says that it cannot be reached, the basket is kept', async () => {
    const { buyer, cup, pot } = await market()
    const { body: order } = await place(buyer, [{ productId: cup, quantity: 1 }])
    const visitor = await visit(browser, shop, { expectedFaults: /503/ })
    await fillBasket(visitor, pot)
    await logIn(visitor, buyer)
    await shut(gates.inventory)
    try {
      const home = await visitor.page.goto(`${shop.url}/`)
      expect([home?.status(), home?.headers()['retry-after']]).toEqual([503, '5'])
      expect(await visitor.text()).toContain('Nothing of yours is lost')
      await visitor.at(`/orders/${order.id}`)
      expect(await visitor.text()).toContain('Cup')
      await visitor.at('/basket')
      expect(await visitor.text()).toContain('Your basket is kept.')
    } finally {
      await gates.inventory.setMode('pass')
    }
    await visitor.at('/basket')
    expect(await visitor.text()).toContain('Pot')
    await visitor.close()
  })

  test('order: the window works, and an order that could not be sent is sent again by the same form, once', async () => {
    const { buyer, cup } = await market()
    const visitor = await visit(browser, shop, { expectedFaults: /503/ })
    await fillBasket(visitor, cup)
    await logIn(visitor, buyer)
    await visitor.at('/checkout')
    await visitor.page.getByLabel('Net banking').check()
    await visitor.fill(/^Code of the bank/, 'HDFC')
    await shut(gates.order)
    try {
      await visitor.press('Order and pay €5.00')
      await visitor.page.getByText('it is not done twice').waitFor()
      expect(await visitor.page.getByLabel(/^Code of the bank/).inputValue()).toBe('HDFC')
      const answer = await visitor.context.request.get(`${shop.url}/products/${cup}`)
      expect(answer.status()).toBe(200)
    } finally {
      await gates.order.setMode('pass')
    }
    await visitor.press('Order and pay €5.00')
    await visitor.page.getByText('Your order is placed.').waitFor()
    expect(await stockOf(cup)).toBe(9)
    await visitor.close()
  })

  test('order answers too late: the order was made, and the form sent again leads to that one', async () => {
    const { buyer, cup } = await market()
    const visitor = await visit(browser, shop, { expectedFaults: /503/ })
    await fillBasket(visitor, cup)
    await logIn(visitor, buyer)
    await visitor.at('/checkout')
    await gates.order.setMode('black-hole-answers')
    try {
      await visitor.press('Order and pay €5.00')
      await visitor.page.getByText('it is not done twice').waitFor()
    } finally {
      await gates.order.setMode('pass')
    }
    await visitor.press('Order and pay €5.00')
    await visitor.page.waitForURL(/\/orders\//)
    const { body } = await orders.listOrders({ session: buyer.session })
    expect(body.items.map(({ id }) => id)).toEqual([visitor.page.url().split('/').at(-1) ?? ''])
    await visitor.close()
  })
})

test('when nothing can be shown any more, the failure itself sends the same order again, once', async () => {
  const { buyer, cup } = await market()
  const visitor = await visit(browser, shop, { expectedFaults: /503/ })
  const { page } = visitor
  await fillBasket(visitor, cup)
  await logIn(visitor, buyer)
  await visitor.at('/checkout')
  // The order is made and its answer is lost; the form cannot be shown again, either, without the addresses.
  await gates.order.setMode('black-hole-answers')
  await shut(gates.user)
  try {
    await visitor.press('Order and pay €5.00')
    await page.getByText('What was done already is not done twice.').waitFor()
    expect(await page.locator('h1').textContent()).toBe('This cannot be reached at the moment')
  } finally {
    await Promise.all([gates.order.setMode('pass'), gates.user.setMode('pass')])
  }
  await visitor.press('Try again')
  await page.waitForURL(/\/orders\//)
  const { body } = await orders.listOrders({ session: buyer.session })
  expect(body.items.map(({ id }) => id)).toEqual([page.url().split('/').at(-1) ?? ''])
  expect(await stockOf(cup)).toBe(9)
  await visitor.close()
})

describe('what was done although its answer was lost is shown as done, and nobody is told to send it again', () => {
  test('a shipment', async () => {
    const { anna, buyer, cup } = await market()
    const { body: order } = await place(buyer, [{ productId: cup, quantity: 1 }])
    const visitor = await visit(browser, shop)
    await logIn(visitor, anna)
    await visitor.at(`/desk/sales/${order.id}`)
    const lost = gates.order.cutAt({ of: 'client', bytes: `/sales/${order.id}/shipment` })
    await visitor.press('It is sent')
    await lost.hit
    await visitor.page.locator('h1 .badge.shipped').waitFor()
    expect(await visitor.page.getByRole('alert').count()).toBe(0)
    await visitor.close()
  })

  test('a cancellation, with as many answers lost as the shop asks for', async () => {
    const { buyer, cup } = await market()
    const { body: order } = await place(buyer, [{ productId: cup, quantity: 1 }])
    const visitor = await visit(browser, shop)
    await logIn(visitor, buyer)
    await visitor.at(`/orders/${order.id}`)
    const spot = { of: 'client', bytes: `/orders/${order.id}/cancel` } as const
    const lost = Array.from({ length: 10 }, () => gates.order.cutAt(spot))
    await visitor.page.locator('summary', { hasText: 'Cancel' }).click()
    await visitor.press('Cancel the whole order')
    await visitor.page.locator('h1 .badge.cancelled').waitFor()
    await lost[0]?.hit
    expect(await visitor.page.getByRole('alert').count()).toBe(0)
    for (const { disarm } of lost) disarm()
    await visitor.close()
  })
})

test('after a failure a form with a password is not sent again by itself: its page is opened', async () => {
  const { buyer } = await market()
  const visitor = await visit(browser, shop, { expectedFaults: /503/ })
  const { page } = visitor
  await logIn(visitor, buyer)
  await visitor.at('/account')
  await page.locator('#change-currentPassword').fill(buyer.password)
  await page.getByLabel('New password').fill('short blue chairs 8')
  await shut(gates.user)
  try {
    await visitor.press('Change the password')
    await page.getByRole('link', { name: 'Try again' }).waitFor()
  } finally {
    await gates.user.setMode('pass')
  }
  expect(await page.content()).not.toContain(buyer.password)
  await page.getByRole('link', { name: 'Try again' }).click()
  await page.waitForURL(`${shop.url}/account`)
  await visitor.close()
})

test('an address that may be there already is not said to be safe to send again', async () => {
  const { buyer } = await market()
  const visitor = await visit(browser, shop, { expectedFaults: /503/ })
  const { page } = visitor
  await logIn(visitor, buyer)
  await visitor.at('/addresses/new')
  await gates.user.setMode('black-hole-answers')
  try {
    await writeAddress(visitor)
    await page.getByText('Look first, and send it again only if it is not there.').waitFor()
    expect(await visitor.text()).not.toContain('it is not done twice')
    expect(await page.getByLabel('City').inputValue()).toBe('London')
  } finally {
    await gates.user.setMode('pass')
  }
  await visitor.close()
})

test('somebody who tries too many passwords is told how long to wait', async () => {
  const { email } = await newPerson('BUYER')
  const visitor = await visit(browser, shop, { expectedFaults: /401|429/ })
  await visitor.at('/log-in')
  for (let attempt = 0; attempt < 12; attempt++) {
    await visitor.fill(/E-mail/, email)
    await visitor.fill('Password', 'not the password')
    await visitor.press('Log in')
    await visitor.page.getByRole('alert').waitFor()
    expect(await visitor.page.getByLabel(/E-mail/).inputValue()).toBe(email)
    if ((await visitor.text()).includes('That was too often.')) break
  }
  expect(await visitor.text()).toContain('That was too often.')
  await visitor.close()
})

test('an account is changed, its other sessions end, and it is closed', async () => {
  const visitor = await visit(browser, shop, { expectedFaults: /403|409|422|401/, locale: 'de-DE' })
  const { page } = visitor
  await visitor.at('/')
  expect(await page.locator('html').getAttribute('lang')).toBe('de')
  await page.getByRole('button', { name: 'English' }).click()
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  const { password } = await signUp(visitor, 'buy', 'Grace Hopper')
  const details = newDetails()

  await visitor.at('/account')
  await visitor.fill('E-mail address', details.email)
  await visitor.press('Save')
  await page.getByText('Type your password, too').first().waitFor()
  expect(await page.getByLabel('E-mail address').inputValue()).toBe(details.email)
  await page.locator('#profile-currentPassword').fill(password)
  await visitor.press('Save')
  await page.getByText('It is saved.').waitFor()

  await page.getByRole('link', { name: 'Add an address' }).click()
  await writeAddress(visitor)
  expect(await visitor.text()).toContain('United Kingdom')

  const other = await visit(browser, shop, { expectedFaults: /401/ })
  await logIn(other, { email: details.email, password })
  await visitor.at('/account')
  await page.locator('#change-currentPassword').fill(password)
  await page.getByLabel('New password').fill(details.password)
  await visitor.press('Change the password')
  await page.getByText('Your password is changed').waitFor()
  await other.at('/account')
  await other.page.getByText('Your session has ended.').waitFor()

  await page.locator('#close-currentPassword').fill(details.password)
  await visitor.press('Close my account')
  await page.getByText('Your account is closed.').waitFor()
  await other.fill(/E-mail/, details.email)
  await other.fill('Password', details.password)
  await other.press('Log in')
  await other.page.getByText('The name or the password is wrong.').waitFor()
  await Promise.all([visitor.close(), other.close()])
})
