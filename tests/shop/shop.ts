import { freePort, type RunningService, startProgram } from '@bazaar/shared/testing/service'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { collectFaults } from '../browser/swagger-page.ts'
import { newDetails, urls } from '../journeys/world.ts'

/** Far more than any page takes: a browser, and a service that checks passwords, may wait long on a busy machine. */
const PATIENCE_MS = 120_000

/** The sizes at which pages are looked at. */
export const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } } as const

/** Whoever leaves a page does not wait for its pictures. */
const LEFT = 'net::ERR_ABORTED'

/** Starts a shop for the services of the stack under test, on a port of its own. */
export async function startShop(given: Record<string, string> = {}): Promise<RunningService> {
  const port = Number(given['PORT'] ?? (await freePort()))
  return await startProgram('shop', {
    PORT: String(port),
    USER_URL: urls.user,
    INVENTORY_URL: urls.inventory,
    ORDER_URL: urls.order,
    ORIGINS: `http://127.0.0.1:${port},http://localhost:${port}`,
    SERVICE_TIMEOUT_MS: '60000',
    COOKIE_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
    ...given,
  })
}

/** Somebody in front of a browser window of their own. */
export type Visitor = {
  context: BrowserContext
  page: Page
  /** Everything that went wrong in the window. */
  faults: string[]
  at: (path: string) => Promise<void>
  press: (name: string | RegExp) => Promise<void>
  fill: (label: string | RegExp, value: string) => Promise<void>
  /** What the page says, as text. */
  text: () => Promise<string>
  close: () => Promise<void>
}

/** Opens a window at the shop. */
export async function visit(
  browser: Browser,
  shop: { url: string },
  options: BrowserContextOptions & { expectedFaults?: RegExp } = {},
): Promise<Visitor> {
  const { expectedFaults, ...window } = options
  const context = await browser.newContext({ viewport: SIZES.desktop, locale: 'en-GB', ...window })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const faults = collectFaults(page, new RegExp(`${LEFT}|${expectedFaults?.source ?? LEFT}`))
  return {
    context,
    page,
    faults,
    at: async (path) => void (await page.goto(shop.url + path)),
    press: async (name) => await page.locator('main').getByRole('button', { name }).first().click(),
    fill: async (label, value) => await page.locator('main').getByLabel(label).first().fill(value),
    text: async () => (await page.locator('body').textContent()) ?? '',
    close: () => context.close(),
  }
}

/** What the page says when the services have too much to do: the same is to be sent again. */
const BUSY = /too much to do|No answer came|A part of the shop is away|That was too often/
const TRIES_MAX = 20

/**
 * Fills a form in and sends it, again and again while the services are too busy to take it.
 * @throws {Error} with what the page says when it is refused for another reason.
 */
async function sendPatiently({ page, faults }: Visitor, send: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const faultsBefore = faults.length
    const [answer] = await Promise.all([
      page.waitForResponse((one) => one.request().method() === 'POST' && one.request().isNavigationRequest()),
      send(),
    ])
    if (answer.status() === 303) return
    const said = (await page.getByRole('alert').or(page.locator('.failure')).first().textContent()) ?? ''
    if (!BUSY.test(said) || attempt === TRIES_MAX) throw new Error(`The form was refused: ${said}`)
    // That the machine is busy is no fault of the page.
    faults.splice(faultsBefore)
  }
}

/** Signs somebody new up through the page, which logs them in. */
export async function signUp(visitor: Visitor, as: 'buy' | 'sell', name: string) {
  let details = newDetails()
  const { page } = visitor
  if (!page.url().includes('/sign-up')) await visitor.at('/sign-up')
  await sendPatiently(visitor, async () => {
    // The one before may be taken after all.
    details = newDetails()
    await page.getByLabel(as, { exact: true }).check()
    await visitor.fill(/^Name/, name)
    await visitor.fill('E-mail address', details.email)
    await visitor.fill('Mobile number', details.mobileNumber)
    await visitor.fill('Password', details.password)
    await visitor.press('Sign up')
  })
  await page.getByText('Welcome!').waitFor()
  return details
}

/** Logs in by the page. */
export async function logIn(visitor: Visitor, { email, password }: { email: string; password: string }) {
  if (!visitor.page.url().includes('/log-in')) await visitor.at('/log-in')
  await sendPatiently(visitor, async () => {
    await visitor.fill(/E-mail/, email)
    await visitor.fill('Password', password)
    await visitor.press('Log in')
  })
  await visitor.page.waitForURL((url) => url.pathname !== '/log-in')
}

/** Writes an address into the form that is open. */
export async function writeAddress(visitor: Visitor) {
  await visitor.fill('Recipient', 'Ada Lovelace')
  await visitor.fill('Street and number', '12 St James’s Square')
  await visitor.fill('Postal code', 'SW1Y 4JH')
  await visitor.fill('City', 'London')
  await visitor.page.getByLabel('Country').selectOption('GB')
  await visitor.press('Save the address')
}
