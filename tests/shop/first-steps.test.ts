import { expect, test } from 'bun:test'
import { market, newProduct } from '../journeys/world.ts'
import { openShop } from './open-shop.ts'
import { logIn, visit } from './shop.ts'

/* Where somebody who has never seen the shop might not know how to go on. */

const { shop, browser } = await openShop()

test('what is sold out does not come first, and leads on to what there is', async () => {
  const { anna } = await market()
  const gone = await newProduct(anna, { name: 'Gone cup', stockCount: 0 })
  const visitor = await visit(browser, shop)
  const { page } = visitor
  await visitor.at('/')
  expect(await page.locator('.card', { hasText: 'Gone cup' }).count()).toBeGreaterThan(0)
  expect(await page.locator('.card').first().textContent()).not.toContain('Sold out')
  await visitor.at(`/products/${gone}`)
  await page.getByRole('link', { name: 'See what else there is' }).click()
  await page.waitForURL(`${shop.url}/categories/kitchen`)
  expect(visitor.faults).toEqual([])
  await visitor.close()
})

test('a seller-to-be finds the sign-up, and somebody who is logged in finds the way out at the top', async () => {
  const { anna } = await market()
  const visitor = await visit(browser, shop)
  const { page } = visitor
  await visitor.at('/')
  await page.getByRole('link', { name: 'Sell in this shop' }).click()
  await page.waitForURL(/sign-up/)
  expect(await page.getByLabel('sell', { exact: true }).isChecked()).toBe(true)
  await logIn(visitor, anna)
  await page.getByRole('navigation').getByRole('button', { name: 'Log out' }).click()
  await page.getByText('You are logged out.').waitFor()
  expect(visitor.faults).toEqual([])
  await visitor.close()
})

test('a seller is offered the categories that there are', async () => {
  const { anna } = await market()
  const visitor = await visit(browser, shop)
  await logIn(visitor, anna)
  await visitor.at('/desk/products/new')
  const suggested = visitor.page.locator('#category-list option')
  expect(await suggested.evaluateAll((all) => all.map((one) => one.getAttribute('value')))).toContain(
    'kitchen',
  )
  await visitor.close()
})
