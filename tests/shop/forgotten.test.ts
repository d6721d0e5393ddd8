import { describe, expect, test } from 'bun:test'
import { linkTokenFor } from '../journeys/mailbox.ts'
import { newDetails, newPerson } from '../journeys/world.ts'
import { openShop } from './open-shop.ts'
import { logIn, visit } from './shop.ts'

const NEW_PASSWORD = 'short blue chairs 8'

const { shop, browser } = await openShop()

describe('somebody who forgot their password', () => {
  test('gets in again with the letter from their mailbox, and the link does so once', async () => {
    const owner = await newPerson('BUYER')
    const visitor = await visit(browser, shop, { expectedFaults: /status of 401/ })
    await visitor.at('/log-in')
    await visitor.page.getByRole('link', { name: 'I forgot my password' }).click()
    await visitor.fill(/E-mail/, owner.email)
    await visitor.press('Send me a link')
    await visitor.page.getByText('a letter with a link is on its way').waitFor()

    const path = `/new-password?link=${await linkTokenFor(owner.email)}`
    await visitor.at(path)
    await visitor.fill('New password', NEW_PASSWORD)
    await visitor.press('Set it')
    await visitor.page.getByText('Your password is changed').waitFor()
    expect(visitor.page.url()).not.toContain('link=')
    await logIn(visitor, { email: owner.email, password: NEW_PASSWORD })

    await visitor.at(path)
    await visitor.fill('New password', 'quiet green rivers 9')
    await visitor.press('Set it')
    await visitor.page.getByText('This link does not work any more').waitFor()
    expect(visitor.faults).toEqual([])
    await visitor.close()
  })

  test('sees the same page when there is no such account', async () => {
    const visitor = await visit(browser, shop)
    await visitor.at('/forgotten-password')
    await visitor.fill(/E-mail/, newDetails().email)
    await visitor.press('Send me a link')
    await visitor.page.getByText('a letter with a link is on its way').waitFor()
    await visitor.close()
  })
})

test('no other site learns the link from the page that it opens', async () => {
  const { headers } = await fetch(`${shop.url}/new-password?link=${'A'.repeat(43)}`)
  expect(headers.get('referrer-policy')).toBe('same-origin')
  expect(headers.get('cache-control')).toBe('no-store')
})
