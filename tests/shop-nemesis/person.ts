import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { nothingTold, type Told } from './claims.ts'

/** How long somebody looks at a page that says that it does not work before they press again. */
const PAUSE_MS = 300
/** Far more than there are faults: somebody who is never answered is a fault of the test. */
const TRIES_MAX = 2_000

/** What the shop says when it is not known whether a form was done, or when it certainly was not but may be soon. */
const OPEN = /it is not done twice|too much to do|A part of the shop is away|That was too often/

/** Somebody who clicks, and believes what the page says. */
export type Person = {
  page: Page
  told: Told
  /** How many pages they have seen so far, and how many of them said that something does not work. */
  pages: { seen: number; failed: number }
  at: (path: string) => Promise<void>
  /**
   * Presses a button, and presses again for as long as the page says that this is what to do. Answers why it was refused for
   * good, or undefined when the page no longer says so: how things stand is on it.
   */
  press: (name: string) => Promise<string | undefined>
}

/** Somebody in front of a page of the shop at `url`, who does what the page says until it works. */
export function personAt(page: Page, url: string): Person {
  const pages = { seen: 0, failed: 0 }

  /** Does what makes the browser load a page, and waits until it has one, even one that says that there is none. */
  async function load(work: () => Promise<unknown>): Promise<void> {
    const loaded = page.waitForEvent('framenavigated', (frame) => frame === page.mainFrame())
    await Promise.all([loaded, work().catch(ignoreBrokenOff)])
    await page.waitForLoadState('domcontentloaded')
    pages.seen++
  }

  /** Tries again until there is a page of the shop that is none of its failures. */
  async function settle(): Promise<void> {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const isNoPage = page.url().startsWith('chrome-error:')
      const again = page.locator('.failure').getByText('Try again', { exact: true })
      if (!isNoPage && (await again.count()) === 0) return
      pages.failed++
      await delay(PAUSE_MS)
      // A browser that has no answer to a form sends the form again when it is asked to reload.
      await load(() => (isNoPage ? page.reload() : again.click()))
    }
    throw new Error(`Nothing but failures at ${page.url()}`)
  }

  return {
    page,
    pages,
    told: nothingTold(),
    async at(path) {
      await load(() => page.goto(url + path))
      await settle()
    },
    async press(name) {
      for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
        await load(() => page.locator('main').getByRole('button', { name }).first().click())
        await settle()
        const alert = page.locator('main').getByRole('alert').first()
        if ((await alert.count()) === 0) return undefined
        const said = (await alert.textContent()) ?? ''
        if (!OPEN.test(said)) return said
        pages.failed++
        await delay(PAUSE_MS)
      }
      throw new Error(`“${name}” came to nothing`)
    },
  }
}

/** The page that the browser shows then is looked at by `settle`. */
function ignoreBrokenOff(error: unknown): void {
  if (!(error instanceof Error && /net::ERR_|interrupted by another navigation|detached/.test(error.message)))
    throw error
}
