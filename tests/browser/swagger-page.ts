import { existsSync } from 'node:fs'
import { type Browser, chromium, type Locator, type Page, type Request } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const PATIENCE_MS = 240_000

/**
 * Starts Debian's Chromium with a profile of its own.
 * @throws {Error} saying what to install when there is none.
 */
export async function startBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `There is no ${CHROMIUM}. Install it: apt-get install -y --no-install-recommends chromium fonts-dejavu-core`,
    )
  }
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
}

/** What a try on the page came to. */
export type Tried = { status: number; body: string; request: Request }

/** A Swagger page in a browser window of its own, as a client developer has it. */
export type SwaggerPage = {
  page: Page
  /** Everything that went wrong: errors in the console or the script, requests that went elsewhere or failed. */
  faults: readonly string[]
  operation: (name: string) => Locator
  /** Opens an operation, changes what is given and executes it. */
  tryOut: (name: string, change?: { body?: unknown; parameters?: Record<string, string> }) => Promise<Tried>
  /** Shows the document of another service on the same page. */
  switchTo: (service: string) => Promise<void>
  close: () => Promise<void>
}

/** Opens the Swagger page of the service at `url`. Faults that match `expected` do not count. */
export async function openSwaggerPage(
  browser: Browser,
  options: { url: string; expectedFaults?: RegExp },
): Promise<SwaggerPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const faults = collectFaults(page, options.expectedFaults)
  await page.goto(`${options.url}/docs`)
  await page.locator('.opblock').first().waitFor()

  // What services ask of each other has the name of the service in front.
  const operation = (name: string) => page.locator(`.opblock:is([id$="-${name}"], [id$="_${name}"])`)

  async function tryOut(name: string, change: { body?: unknown; parameters?: Record<string, string> } = {}) {
    const block = operation(name)
    if (!(await block.locator('.opblock-body').isVisible())) {
      await block.locator('.opblock-summary-control').click()
      await block.locator('.opblock-body').waitFor()
    }
    if (change.body !== undefined)
      await block.locator('.body-param__text').fill(JSON.stringify(change.body, null, 2))
    for (const [parameter, value] of Object.entries(change.parameters ?? {}))
      await block.locator(`tr[data-param-name="${parameter}"] input`).fill(value)
    const clear = block.locator('.btn-clear')
    if (await clear.isVisible()) await clear.click()
    const [response] = await Promise.all([
      page.waitForResponse(
        (one) => one.request().resourceType() === 'fetch' && one.request().method() !== 'OPTIONS',
      ),
      block.locator('.execute').click(),
    ])
    const shown = block.locator('.live-responses-table .response')
    await shown.waitFor()
    const status = Number(await shown.locator('.response-col_status').textContent())
    const code = shown.locator('.response-col_description .highlight-code code')
    const body = (await code.count()) > 0 ? ((await code.first().textContent()) ?? '') : ''
    return { status, body, request: response.request() }
  }

  return {
    page,
    faults,
    operation,
    tryOut,
    switchTo: async (service) => {
      await page.getByRole('navigation').getByRole('button', { name: service, exact: true }).click()
      await page.locator('.info .title', { hasText: `Bazaar ${service}` }).waitFor()
    },
    close: () => context.close(),
  }
}

/**
 * What goes wrong on a page from now on: nothing may be fetched from another machine, and nothing may go wrong without being
 * seen.
 */
export function collectFaults(page: Page, expected: RegExp | undefined): string[] {
  const faults: string[] = []
  const add = (fault: string) => {
    if (!expected?.test(fault)) faults.push(fault)
  }
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') add(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => add(`script: ${error.message}`))
  page.on('requestfailed', (request) => add(`failed: ${request.url()} ${request.failure()?.errorText}`))
  page.on('request', (request) => {
    const url = new URL(request.url())
    const local =
      ['127.0.0.1', 'localhost'].includes(url.hostname) || ['data:', 'blob:'].includes(url.protocol)
    if (!local) add(`elsewhere: ${request.url()}`)
  })
  return faults
}
