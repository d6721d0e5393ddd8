import { describe, expect, test } from 'bun:test'
import process from 'node:process'
import { startService } from '@bazaar/shared/testing/service'
import { linkTokenFor } from '../journeys/mailbox.ts'
import { newPerson } from '../journeys/world.ts'
import { openShop } from './open-shop.ts'
import { logIn, signUp, startShop, type Visitor, visit } from './shop.ts'

const UNVERIFIED = 'Your e-mail is not verified yet'
const ENDED = 'This link does not work any more'

const { shop, browser } = await openShop()

/** Opens the link of a letter and presses the button there. */
async function use(visitor: Visitor, token: string): Promise<void> {
  await visitor.at(`/verify-email?link=${token}`)
  await visitor.press('It is mine')
}

describe('somebody who signed up', () => {
  test('verifies the address with the letter from their mailbox, and the account says so', async () => {
    const visitor = await visit(browser, shop)
    const { page } = visitor
    const { email } = await signUp(visitor, 'buy', 'Ada Lovelace')
    await visitor.at('/account')
    await page.getByRole('heading', { name: UNVERIFIED }).waitFor()

    await use(visitor, await linkTokenFor(email, 'verify-email'))
    await page.getByText('Your e-mail address is verified.').waitFor()
    expect(page.url()).toBe(`${shop.url}/account`)
    await page.getByText('Verified', { exact: true }).waitFor()
    expect(await page.getByRole('heading', { name: UNVERIFIED }).count()).toBe(0)
    expect(visitor.faults).toEqual([])
    await visitor.close()
  })

  test('is told that the address is verified when they use the link twice', async () => {
    const visitor = await visit(browser, shop)
    const { email } = await signUp(visitor, 'sell', 'Anna')
    const token = await linkTokenFor(email, 'verify-email')
    for (let time = 0; time < 2; time++) {
      await use(visitor, token)
      await visitor.page.getByText('Your e-mail address is verified.').waitFor()
    }
    expect(visitor.faults).toEqual([])
    await visitor.close()
  })

  test('is sent another link, on a device that is not logged in too', async () => {
    const owner = await visit(browser, shop)
    const { email } = await signUp(owner, 'buy', 'Ada Lovelace')
    await owner.at('/account')
    await owner.press('Send me another link')
    await owner.page.getByText('a letter with a link is on its way').waitFor()

    const phone = await visit(browser, shop, { expectedFaults: /status of 401/ })
    const token = await linkTokenFor(email, 'verify-email')
    await use(phone, token)
    await phone.page.getByText('Your e-mail address is verified.').waitFor()
    await use(phone, token)
    await phone.page.getByText(ENDED).waitFor()
    await owner.at('/account')
    await owner.page.getByText('Verified', { exact: true }).waitFor()
    expect([...owner.faults, ...phone.faults]).toEqual([])
    await Promise.all([owner.close(), phone.close()])
  })
})

test('a seller offers a product once the address is verified, where selling wants that', async () => {
  const { PORT: _, ...others } = JSON.parse(process.env['BAZAAR_ENVIRONMENTS'] ?? '{}').inventory
  const strict = await startService('inventory', { ...others, VERIFIED_EMAIL_FOR: 'selling' })
  const strictShop = await startShop({ INVENTORY_URL: strict.url })
  const visitor = await visit(browser, strictShop, { expectedFaults: /status of 403/ })
  const { email } = await signUp(visitor, 'sell', 'The Kettle Shop')
  await visitor.at('/desk/products/new')
  await visitor.fill('Name', 'Enamel kettle')
  await visitor.fill('Description', 'Holds a litre and a half.')
  await visitor.fill('Category', 'kitchen')
  await visitor.fill('Price', '29,00')
  await visitor.fill('In stock', '10')
  await visitor.press('Offer it')
  await visitor.page.getByText('First verify your e-mail address').waitFor()

  const letter = await visitor.context.newPage()
  await letter.goto(`${strictShop.url}/verify-email?link=${await linkTokenFor(email, 'verify-email')}`)
  await letter.getByRole('button', { name: 'It is mine' }).click()
  await letter.getByText('Your e-mail address is verified.').waitFor()
  await visitor.press('Offer it')
  await visitor.page.getByText('It is on the market').waitFor()
  expect(visitor.faults).toEqual([])
  await visitor.close()
  await Promise.all([strictShop.stop(), strict.stop()])
})

test('a link that nobody was sent leads on to the account', async () => {
  const { email, password } = await newPerson('BUYER')
  const visitor = await visit(browser, shop, { expectedFaults: /status of 401/ })
  await logIn(visitor, { email, password })
  await use(visitor, 'A'.repeat(43))
  await visitor.page.getByText(ENDED).waitFor()
  expect(visitor.faults).toEqual([])
  await visitor.close()
})
