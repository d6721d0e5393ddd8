import { afterAll, setDefaultTimeout } from 'bun:test'
import type { RunningService } from '@bazaar/shared/testing/service'
import type { Browser } from 'playwright-core'
import { startBrowser } from '../browser/swagger-page.ts'
import { startShop } from './shop.ts'

/** Far more than any test needs, also on a busy machine. */
const TEST_TIMEOUT_MS = 480_000

/** Starts a shop and a browser for the tests of one file, and ends both after them. To be called while the file is loaded. */
export async function openShop(
  given: Record<string, string> = {},
): Promise<{ shop: RunningService; browser: Browser }> {
  setDefaultTimeout(TEST_TIMEOUT_MS)
  const [shop, browser] = await Promise.all([startShop(given), startBrowser()])
  afterAll(async () => {
    await browser.close()
    await shop.stop()
  })
  return { shop, browser }
}
