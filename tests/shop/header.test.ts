import { expect, test } from 'bun:test'
import type { Locator } from 'playwright-core'
import { wordsIn } from '../../shop/src/words/words.ts'
import { market } from '../journeys/world.ts'
import { openShop } from './open-shop.ts'
import { logIn, SIZES, type Visitor, visit } from './shop.ts'

/*
 * The top of every page on phones: the narrowest that there are, and a usual one, also zoomed to 200 %; and in the narrowest
 * window in which the search is beside the links.
 */

const WIDTHS = [960, SIZES.phone.width, 320, SIZES.phone.width / 2]
/** A frame of 3 pixels, 2 away from what has the focus. */
const FRAME_PIXELS = 5

const { shop, browser } = await openShop()
const world = await market()

test.each(['buyer', 'seller'] as const)(
  'the four links of a %s are one line, also on a phone, and each is all there when a key gets to it',
  async (who) => {
    const visitor = await visit(browser, shop)
    if (who === 'buyer') {
      await visitor.at(`/products/${world.cup}`)
      await visitor.press('Add to basket')
    }
    await logIn(visitor, who === 'buyer' ? world.buyer : world.anna)
    for (const language of ['en', 'de'] as const) {
      await visitor.context.addCookies([{ name: 'language', value: language, url: shop.url }])
      for (const width of WIDTHS) {
        await visitor.page.setViewportSize({ width, height: SIZES.phone.height })
        await visitor.at('/account')
        expect({ language, width, ...(await seen(visitor, language)) }).toEqual({
          language,
          width,
          links: 4,
          lines: 1,
          reached: 4,
          isTooWide: false,
          isOverSearch: false,
        })
      }
    }
    expect(visitor.faults).toEqual([])
    await visitor.close()
  },
)

/** What there is of the header, by what assistive technology and the keyboard find. */
async function seen({ page }: Visitor, language: 'en' | 'de') {
  const { shop: name, nav } = wordsIn(language)
  const top = page.getByRole('banner')
  const bar = top.getByRole('navigation', { name: nav.main })
  const links = await bar.getByRole('link').or(bar.getByRole('button')).all()
  const boxes = await Promise.all([top.getByRole('link', { name, exact: true }), ...links].map(boxOf))
  const search = top.getByRole('button', { name: nav.search })
  const searchBox = await boxOf(search)
  await search.focus()
  let reached = 0
  for (const link of links) {
    await page.keyboard.press('Tab')
    if (await isAllThere(link, bar.getByRole('list'))) reached += 1
  }
  const isTooWide = await page.evaluate(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  )
  const isOverSearch = boxes.some((box) => overlap(box, searchBox))
  return { links: links.length, lines: linesOf(boxes), reached, isTooWide, isOverSearch }
}

type Box = Awaited<ReturnType<typeof boxOf>>

async function boxOf(found: Locator) {
  const box = await found.boundingBox()
  if (!box) throw new Error('There is something in the header that nobody sees')
  return { left: box.x, right: box.x + box.width, top: box.y, bottom: box.y + box.height }
}

function overlap(one: Box, other: Box): boolean {
  const isBeside = one.right <= other.left || other.right <= one.left
  return !isBeside && one.top < other.bottom && other.top < one.bottom
}

/** In how many lines boxes are: a new one begins below all of the one before. */
function linesOf(boxes: readonly Box[]): number {
  let lines = 0
  let end = Number.NEGATIVE_INFINITY
  for (const { top, bottom } of boxes.toSorted((one, other) => one.top - other.top)) {
    if (top >= end) lines += 1
    end = top >= end ? bottom : Math.min(end, bottom)
  }
  return lines
}

/** Whether it has the focus, and its whole frame is to be seen; or as much of it as there is room for. */
async function isAllThere(link: Locator, list: Locator): Promise<boolean> {
  const hasFocus = await link.evaluate((element) => element.ownerDocument.activeElement === element)
  const [box, room] = [await boxOf(link), await boxOf(list)]
  const framed = { left: box.left - FRAME_PIXELS, right: box.right + FRAME_PIXELS }
  const shown = Math.min(framed.right, room.right) - Math.max(framed.left, room.left)
  const most = Math.min(framed.right - framed.left, room.right - room.left)
  // A pixel may be drawn in part.
  return hasFocus && shown >= most - 1
}
