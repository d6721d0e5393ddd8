import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { RunningService } from '@bazaar/shared/testing/service'
import type { Browser } from 'playwright-core'
import { startBrowser } from '../browser/swagger-page.ts'
import { linkTokenFor } from '../journeys/mailbox.ts'
import { newPerson } from '../journeys/world.ts'
import { logIn, signUp, startShop, type Visitor, visit } from './shop.ts'

setDefaultTimeout(480_000)

const UNVERIFIED = 'Your e-mail is not verified yet'
const ENDED = 'This link does not work any more'

let browser: Browser
let shop: RunningService

beforeAll(async () => {
  ;[shop, browser] = await Promise.all([startShop(), startBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await shop?.stop()
})

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

test('a link that nobody was sent leads on to the account', async () => {
  const { email, password } = await newPerson('BUYER')
  const visitor = await visit(browser, shop, { expectedFaults: /status of 401/ })
  await logIn(visitor, { email, password })
  await use(visitor, 'A'.repeat(43))
  await visitor.page.getByText(ENDED).waitFor()
  expect(visitor.faults).toEqual([])
  await visitor.close()
})
