import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '@bazaar/shared/testing/until'
import type { Browser } from 'playwright-core'
import { startBrowser } from '../browser/swagger-page.ts'
import { type Person as Account, newPerson, newProduct } from '../journeys/world.ts'
import { inFunction, planted } from '../plants/plant.ts'
import { logIn, visit } from '../shop/shop.ts'
import { liesIn } from './claims.ts'
import { buy, sell } from './clicking.ts'
import { type Person, personAt } from './person.ts'
import { type Part, type Places, startPlaces } from './places.ts'
import { truthOfBuyer, truthOfSeller } from './truth.ts'

/*
 * Two buyers and a seller click in a real browser while the services, and the shop itself, are killed, and while answers are
 * lost. They believe what the pages say and do what they are told to. Whatever a page told must be so in the end, and
 * whatever is so must have been told. How long anything takes does not matter.
 */

const WHOLE_RUN_MS = 1_000_000
setDefaultTimeout(WHOLE_RUN_MS)

/** What happens, in this order: each part dies twice, and answers of order are lost in between. */
const FAULTS: readonly (Part | 'lost answers')[] = [
  'order',
  'lost answers',
  'inventory',
  'shop',
  'user',
  'lost answers',
  'shop',
  'order',
  'inventory',
  'user',
]
/** So many pages are seen while a fault lasts, and so many between two of them. */
const PAGES_BETWEEN = 6
const ORDERS_MIN = 3

let browser: Browser
let places: Places | undefined

beforeAll(async () => {
  browser = await startBrowser()
})
afterEach(async () => {
  await places?.stop()
  places = undefined
})
afterAll(() => browser?.close())

async function sitDown(account: Account, { url }: Places): Promise<Person> {
  const visitor = await visit(browser, { url }, { expectedFaults: /./ })
  await logIn(visitor, account)
  return personAt(visitor.page, url)
}

/** Breaks one thing, and answers how it is mended. */
async function breakPart(where: Places, fault: Part | 'lost answers'): Promise<() => Promise<void>> {
  if (fault !== 'lost answers') {
    await where.kill(fault)
    return () => where.revive(fault)
  }
  await where.toOrder.setMode('black-hole-answers')
  return async () => {
    where.toOrder.cut()
    await where.toOrder.setMode('pass')
  }
}

test('two buyers and a seller are told the truth while everything around them is killed', async () => {
  const [seller, ...buyers] = await Promise.all([
    newPerson('SELLER', 'The Kettle Shop'),
    newPerson('BUYER'),
    newPerson('BUYER'),
  ])
  const productId = await newProduct(seller, { name: 'Kettle', priceMinor: 500, stockCount: 1_000 })
  const where = await startPlaces()
  places = where
  const desk = await sitDown(seller, where)
  const counters = await Promise.all(buyers.map((buyer) => sitDown(buyer, where)))
  const people = [desk, ...counters]

  let isOver = false
  // Everybody goes on until they have been told something of each kind.
  const isEnough = (person: Person) => {
    const { orders, cancelled, added, sent } = person.told
    const hasDoneAll =
      person === desk
        ? added.length > 1 && sent.length > 0
        : orders.length >= ORDERS_MIN && cancelled.length > 0
    return isOver && hasDoneAll
  }
  const work = Promise.all(
    people.map(async (person) => {
      const act = person === desk ? sell : buy
      for (let round = 0; !isEnough(person); round++) await act(person, { productId, round })
    }),
  )
  const seen = () => people.reduce((sum, { pages }) => sum + pages.seen, 0)
  const pagesMore = async () => {
    const before = seen()
    await Promise.race([
      until('people have seen more pages', () => seen() >= before + PAGES_BETWEEN, WHOLE_RUN_MS),
      // Whatever goes wrong with one of them is the outcome of the test.
      work,
    ])
  }
  const noticed: string[] = []
  for (const fault of FAULTS) {
    await pagesMore()
    const failedBefore = people.reduce((sum, { pages }) => sum + pages.failed, 0)
    const mend = await breakPart(where, fault)
    await pagesMore()
    await mend()
    if (people.reduce((sum, { pages }) => sum + pages.failed, 0) > failedBefore) noticed.push(fault)
  }
  isOver = true
  await work

  const lies = [
    ...liesIn(desk.told, await truthOfSeller(seller, productId)),
    ...(
      await Promise.all(
        buyers.map(async (buyer, index) => {
          const told = counters[index]?.told
          return told ? liesIn(told, await truthOfBuyer(buyer)) : ['a buyer is missing']
        }),
      )
    ).flat(),
  ]
  const [orders, cancelled] = [
    counters.flatMap(({ told }) => told.orders).length,
    counters.flatMap(({ told }) => told.cancelled).length,
  ]
  console.log(
    `${FAULTS.length} faults, ${noticed.length} of them noticed on a page; ${seen()} pages, ${orders} orders, ${cancelled} cancelled,`,
    `${desk.told.added.length} times stock, ${desk.told.offered.length} products, ${desk.told.sent.length} sent`,
  )
  expect(lies).toEqual([])
  // A run in which nobody noticed anything shows nothing.
  expect(new Set(noticed).size).toBeGreaterThan(1)
})

test('a shop that forgets the key of a form whose answer was lost is found out', async () => {
  const lie = planted([
    inFunction(
      'shop/src/page/failure.ts',
      'refusalOf',
      "code: 'unreachable', status: 503, summary, isOpen: true",
      "code: 'unreachable', status: 503, summary, isOpen: false",
    ),
  ])
  const [seller, buyer] = await Promise.all([newPerson('SELLER'), newPerson('BUYER')])
  const productId = await newProduct(seller, { name: 'Kettle', priceMinor: 500, stockCount: 10 })
  const where = await startPlaces({ ...lie.environment, BUN_OPTIONS: lie.arguments.join(' ') })
  places = where
  const counter = await sitDown(buyer, where)
  const bought = (async () => {
    await counter.at(`/products/${productId}`)
    await counter.press('Add to basket')
    await counter.at('/checkout')
    const mend = await breakPart(where, 'lost answers')
    const pressed = counter.press('Order and pay')
    await until('the page says that no answer came', () => counter.pages.failed > 0, WHOLE_RUN_MS)
    await mend()
    await pressed
    counter.told.orders.push({ orderId: counter.page.url().split('/').at(-1) ?? '' })
  })()
  await bought
  const lies = liesIn(counter.told, await truthOfBuyer(buyer))
  expect(lies).toEqual([expect.stringMatching(/^an order was made that was not told: [0-9a-f-]{36}$/)])
})
